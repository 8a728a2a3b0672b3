using Penstock.Inference;
using Penstock.Primitives;

namespace Penstock.Hosting;

/// <summary>The server itself: how it listens and how it stops.</summary>
internal static class HostingFeature
{
    public static void AddHosting(this WebApplicationBuilder builder)
    {
        builder.WebHost.UseKestrelForInference();
        builder
            .Services.AddSingleton<Readiness>()
            .AddSingleton<AllowanceRestore>()
            .AddSingleton<DemoEngine>()
            .AddSingleton<Opening>();
        builder.Services.AddHostedService<GracefulStop>();
        builder.Services.AddHostedService<AllowanceReseed>();
        builder
            .Services.AddOptions<HostOptions>()
            .Configure<InferenceOptions>(
                (host, options) =>
                    host.ShutdownTimeout = TimeSpan.FromSeconds(options.ShutdownGraceSeconds) + GracefulStop.LastWords
            );
    }

    /// <summary>Whatever no feature serves is answered like an unknown endpoint of the API.</summary>
    public static void MapUnknown(this WebApplication app)
    {
        var door = app.Services.GetRequiredService<InferenceDoor>();
        var unknown = app.Services.GetRequiredService<UnknownEndpoints>();
        // Every path: by itself a fallback leaves out those that look like a file's.
        app.MapFallback("{*path}", context => door.RunAsync(context, unknown.RunAsync).AsTask());
    }
}
