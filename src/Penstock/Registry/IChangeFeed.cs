namespace Penstock.Registry;

/// <summary>
/// Tells other gateways on the same store that the registry has changed, best effort: who misses a message notices by
/// asking the store for its revision.
/// </summary>
internal interface IChangeFeed
{
    /// <summary>Called after a change was stored. Never throws for want of a listener.</summary>
    ValueTask AnnounceAsync(long revision, CancellationToken cancellationToken);

    /// <summary>From now on <paramref name="heard"/> is called with each revision that another gateway announces.</summary>
    void Listen(Action<long> heard);
}
