using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>
/// Whether a partial assistant message is continued. An engine that does so leaves its template's end of the message and
/// beginning of the next out of the prompt: the same messages are fewer tokens.
/// </summary>
internal static class ContinuationCheck
{
    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var continued = await AskAsync(probe, isContinued: true, stop);
        if (continued is { IsRefusal: true })
        {
            return card with { ContinuesPartialMessage = Finding.No };
        }

        if (PromptOf(continued) is not { } shorter)
        {
            return card;
        }

        var answered = await AskAsync(probe, isContinued: false, stop);
        return PromptOf(answered) is { } usual
            ? card with
            {
                ContinuesPartialMessage = shorter < usual ? Finding.Yes : Finding.No,
            }
            : card;
    }

    private static Task<EngineReply?> AskAsync(ProbeSession probe, bool isContinued, CancellationToken stop)
    {
        var body = new JsonObject
        {
            ["messages"] = new JsonArray(
                ProbeRequest.Message("user", "Count to three."),
                ProbeRequest.Message("assistant", "One, two,")
            ),
        };
        if (isContinued)
        {
            body["continue_final_message"] = true;
            body["add_generation_prompt"] = false;
        }

        return probe.AskAsync(1, body, stop);
    }

    private static int? PromptOf(EngineReply? reply) =>
        reply is { IsSuccess: true } ? reply.Json()?.Member("usage")?.Number("prompt_tokens") : null;
}
