using System.ComponentModel.DataAnnotations;

namespace Penstock.Routing;

/// <summary>Settings of routing (section <c>Routing</c>).</summary>
internal sealed class RoutingOptions
{
    /// <summary>
    /// What the salts of the engines' prompt caches are made of; absent: a secret of its own in the data folder. Gateways
    /// in front of the same engines need the same one, or they fill the caches twice.
    /// </summary>
    [MinLength(16)]
    public string? CacheSecret { get; set; }

    /// <summary>
    /// Requests that went smoothly and can be explained: an hour at nine a second, in 25 to 40 MB when they are all
    /// there, as each takes 0.8 KB with two replicas and 1.2 KB with four.
    /// </summary>
    [Range(1, 1 << 24)]
    public int ExplainedRequests { get; set; } = 32_768;

    /// <summary>Requests that waited, were tried again or failed: what people ask about, kept apart from the others.</summary>
    [Range(1, 1 << 24)]
    public int ExplainedTroubles { get; set; } = 8_192;

    /// <summary>
    /// Milliseconds: a first byte that comes sooner is never late, whatever others took. No caller of a chat sees less.
    /// </summary>
    [Range(1, 600_000)]
    public int HedgeFloorMilliseconds { get; set; } = 100;

    /// <summary>First bytes that a deployment must have seen before one may be late: of fewer, the latest say nothing.</summary>
    [Range(16, 512)]
    public int HedgeSamples { get; set; } = 100;
}
