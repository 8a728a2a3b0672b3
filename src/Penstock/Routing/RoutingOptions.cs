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
    /// Bytes for the ways of requests that went smoothly, 100 to 150 each: an hour at some 70 a second. Taken from the
    /// system as they fill.
    /// </summary>
    [Range(64 * 1024, 1 << 30)]
    public int ExplainedBytes { get; set; } = 32 << 20;

    /// <summary>
    /// The same for requests that waited, were tried again or failed: what people ask about, kept apart from the others.
    /// </summary>
    [Range(64 * 1024, 1 << 30)]
    public int ExplainedTroubleBytes { get; set; } = 8 << 20;

    /// <summary>
    /// Milliseconds: a first byte that comes sooner is never late, whatever others took. No caller of a chat sees less.
    /// </summary>
    [Range(1, 600_000)]
    public int HedgeFloorMilliseconds { get; set; } = 100;

    /// <summary>First bytes that a deployment must have seen before one may be late: of fewer, the latest say nothing.</summary>
    [Range(16, 512)]
    public int HedgeSamples { get; set; } = 100;
}
