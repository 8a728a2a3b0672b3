using System.Text;
using System.Text.Json.Nodes;
using Penstock.Engines;

namespace Penstock.Probing.Conformance;

/// <summary>
/// Whether <c>cache_salt</c> is read. An engine that reads it refuses one that is no text; one that does not know it
/// either overlooks it or says that it is too much.
/// </summary>
internal static class CacheSaltCheck
{
    /// <summary>Pydantic's words for a field that a model does not have.</summary>
    private static readonly string[] TooMuch = ["extra", "not permitted", "unrecognized", "unknown"];

    public static async Task<CapabilityCard> RunAsync(ProbeSession probe, CapabilityCard card, CancellationToken stop)
    {
        var reply = await probe.AskAsync(1, new JsonObject { ["cache_salt"] = 5 }, stop);
        return card with
        {
            TakesCacheSalt = reply switch
            {
                { IsSuccess: true } => Finding.No,
                { IsRefusal: true } => IsTooMuch(reply) ? Finding.No : Finding.Yes,
                _ => Finding.Unknown,
            },
        };
    }

    private static bool IsTooMuch(EngineReply reply)
    {
        var text = Encoding.UTF8.GetString(reply.Body);
        return Array.Exists(TooMuch, word => text.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
