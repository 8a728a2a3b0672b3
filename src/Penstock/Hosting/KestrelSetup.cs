using Microsoft.AspNetCore.Server.Kestrel.Core;
using Penstock.Inference;
using Penstock.Transport;

namespace Penstock.Hosting;

/// <summary>How the server listens: what the corridor limits itself is not limited twice.</summary>
internal static class KestrelSetup
{
    /// <summary>
    /// Read by the sockets of .NET when the first one is made: completions run on the thread that polls, which saves
    /// a hop between threads on every read and write. Nothing on those threads may block.
    /// </summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Kestrel looks once a second and takes no grace of a second or less.</summary>
    private const double ShortestGraceSeconds = 1.001;

    public static void PreferInlineCompletions()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null)
        {
            Environment.SetEnvironmentVariable(InlineCompletions, "1");
        }
    }

    public static void UseKestrelForInference(this ConfigureWebHostBuilder web)
    {
        web.ConfigureKestrel(kestrel =>
        {
            var options = kestrel.ApplicationServices.GetRequiredService<InferenceOptions>();
            kestrel.AddServerHeader = false;
            // The corridor answers 413 in its own words.
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(
                options.SlowestBodyBytesPerSecond,
                TimeSpan.FromSeconds(Math.Max(options.BodyGraceSeconds, ShortestGraceSeconds))
            );
        });
        // The slim host leaves it out; without an https address nothing of it is made.
        web.UseKestrelHttpsConfiguration();
        web.UseSockets(sockets =>
        {
            sockets.UnsafePreferInlineScheduling = true;
            sockets.NoDelay = true;
            // A burst of new clients waits in the kernel rather than being refused.
            sockets.Backlog = 4096;
        });
        web.UseEventLoops();
    }
}
