using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>Usage in a stream, and on every chunk of it.</summary>
internal static class UsageCheck
{
    private const int Tokens = 2;

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        if (await AskAsync(probe, isContinuous: true, stop) is not { } reply)
        {
            return card;
        }

        if (reply.IsOfTheRequest)
        {
            // Perhaps only the extension is what it does not take.
            var plain = await AskAsync(probe, isContinuous: false, stop);
            return plain is { IsSuccess: true }
                ? card with
                {
                    UsageInStreams = InStream(plain),
                    UsageOnEveryChunk = Finding.No,
                }
                : card;
        }

        return reply.IsSuccess
            ? card with
            {
                UsageInStreams = InStream(reply),
                UsageOnEveryChunk = OnEveryChunk(reply),
            }
            : card;
    }

    private static Task<EngineReply?> AskAsync(ProbeSession probe, bool isContinuous, CancellationToken stop)
    {
        var options = new JsonObject { ["include_usage"] = true };
        if (isContinuous)
        {
            options["continuous_usage_stats"] = true;
        }

        return probe.AskAsync(Tokens, new JsonObject { ["stream"] = true, ["stream_options"] = options }, stop);
    }

    private static Finding InStream(EngineReply reply) =>
        reply.Chunks() switch
        {
            [] => Finding.Unknown,
            var chunks => chunks.Any(chunk => chunk.HasUsage()) ? Finding.Yes : Finding.No,
        };

    private static Finding OnEveryChunk(EngineReply reply)
    {
        var saying = reply.Chunks().Where(chunk => chunk.Items("choices").Count > 0).ToList();
        // With a single chunk the usage at the end of every stream looks the same.
        return saying.Count < 2 ? Finding.Unknown
            : saying.TrueForAll(chunk => chunk.HasUsage()) ? Finding.Yes
            : Finding.No;
    }
}
