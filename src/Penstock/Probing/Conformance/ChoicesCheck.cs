using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>Several choices of one request.</summary>
internal static class ChoicesCheck
{
    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var reply = await probe.AskAsync(1, new JsonObject { ["n"] = 2 }, stop, choices: 2);
        return reply switch
        {
            { IsSuccess: true } when reply.Json() is { } answer => card with
            {
                SeveralChoices = answer.Items("choices").Count == 2 ? Finding.Yes : Finding.No,
            },
            { IsRefusal: true } => card with { SeveralChoices = Finding.No },
            _ => card,
        };
    }
}
