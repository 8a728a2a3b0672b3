namespace Penstock.Storage.Redis;

/// <summary>Requests of one account that have ended, as they are told to the server: again and again, until it answers.</summary>
/// <param name="Number">Higher than that of every earlier batch of this node: the server counts it once.</param>
/// <param name="Tokens">Used by all of them.</param>
/// <param name="Cost">Nano-units.</param>
/// <param name="Alone">Tokens of the last minute that this node has granted by itself.</param>
/// <param name="Epoch">The server's, as far as was known when the first of them ended.</param>
/// <param name="Ended">The leases that are over, and the tokens that each has used.</param>
internal sealed record SettlementBatch(
    long Number,
    long Tokens,
    long Cost,
    long Alone,
    string Epoch,
    IReadOnlyList<(Guid Lease, long Tokens)> Ended
);
