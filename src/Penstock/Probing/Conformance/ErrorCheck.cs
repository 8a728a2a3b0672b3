using System.Text.Json;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>The form of a refusal, and whether a large body is taken: one request with a mistake in it tells both.</summary>
internal static class ErrorCheck
{
    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var bytes = probe.Options.LargestBodyBytes;
        var reply = await probe.AskMistakenAsync(bytes, stop);
        if (bytes > 0 && reply is { Status: 413 } or { Kind: ReplyKind.Unreachable })
        {
            // Too large, or cut off while it was sent: what a mistake looks like is asked for without the weight.
            card = card with
            {
                RefusedBody = bytes,
            };
            reply = await probe.AskMistakenAsync(bytes: 0, stop);
        }
        else if (bytes > 0 && reply is { IsRefusal: true })
        {
            card = card with { LargestBody = bytes };
        }

        return reply is { Status: >= 400 } ? card with { ErrorDialect = DialectOf(reply) } : card;
    }

    private static ErrorDialect DialectOf(EngineReply reply)
    {
        if (reply.Json() is not { } body)
        {
            return ErrorDialect.Plain;
        }

        return body.Member("error")?.ValueKind switch
        {
            JsonValueKind.Object => ErrorDialect.Wrapped,
            JsonValueKind.String => ErrorDialect.Text,
            _ => body.Member("message") is not null ? ErrorDialect.Flat : ErrorDialect.Plain,
        };
    }
}
