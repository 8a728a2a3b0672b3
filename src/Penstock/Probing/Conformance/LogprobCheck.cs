using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>Log-probabilities, and how many alternatives of a token: what engines take at most, else what OpenAI's clients expect.</summary>
internal static class LogprobCheck
{
    private static readonly int[] Tops = [20, 5];

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        foreach (var top in Tops)
        {
            var body = new JsonObject { ["logprobs"] = true, ["top_logprobs"] = top };
            var reply = await probe.AskAsync(1, body, stop);
            if (reply is { IsSuccess: true })
            {
                var tokens = reply.FirstChoice()?.Member("logprobs")?.Items("content") ?? [];
                return tokens is [var first, ..]
                    ? card with
                    {
                        Logprobs = Finding.Yes,
                        TopLogprobs = first.Items("top_logprobs").Count,
                    }
                    : card with
                    {
                        Logprobs = Finding.No,
                    };
            }

            if (reply is not { IsRefusal: true })
            {
                return card;
            }
        }

        return card with
        {
            Logprobs = Finding.No,
        };
    }
}
