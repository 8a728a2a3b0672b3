using System.Collections.Concurrent;

namespace Penstock.Limits;

/// <summary>
/// Keeps the histories in this process: exact for one node. Keys do not wait for each other; a key that is not seen
/// for two minutes costs no memory, one that is costs about 500 bytes.
/// </summary>
internal sealed class LocalLimitStore : ILimitStore, IDisposable
{
    /// <summary>Twice the window of the count, so that a key in steady use keeps its history object.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(2);

    /// <summary>A pass over 100,000 histories takes some tens of milliseconds on a pool thread; more often frees hardly more.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<Guid, KeyHistory> histories = new();
    private readonly TimeProvider clock;
    private readonly long origin;
    private readonly ITimer sweeper;

    public LocalLimitStore(TimeProvider clock)
    {
        this.clock = clock;
        origin = clock.GetTimestamp();
        sweeper = clock.CreateTimer(
            static store => ((LocalLimitStore)store!).Sweep(),
            this,
            SweepInterval,
            SweepInterval
        );
    }

    /// <summary>How many keys have a history.</summary>
    public int Count => histories.Count;

    public ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken) => new(Take(limit));

    public ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken) =>
        new(
            histories.TryGetValue(limit.KeyId, out var history)
                ? history.Peek(limit)
                : new LimitDecision(
                    Granted: true,
                    limit.RequestsPerMinute,
                    limit.RequestsPerMinute,
                    clock.GetUtcNow().ToUnixTimeSeconds(),
                    RetryAfterSeconds: 0
                )
        );

    /// <summary>Drops the histories that bear on no decision any more.</summary>
    public void Sweep()
    {
        foreach (var entry in histories)
        {
            // First retired, then removed: whoever still holds it is told to ask for another one.
            if (entry.Value.TryRetire(Idle))
            {
                histories.TryRemove(entry);
            }
        }
    }

    public void Dispose() => sweeper.Dispose();

    private LimitDecision Take(in Limit limit)
    {
        while (true)
        {
            var history = histories.TryGetValue(limit.KeyId, out var known)
                ? known
                : histories.GetOrAdd(limit.KeyId, static (_, store) => new KeyHistory(store.clock, store.origin), this);
            if (history.TryTake(limit, out var decision))
            {
                return decision;
            }

            // Retired between finding and asking; whichever of the two removes it first is right.
            histories.TryRemove(new KeyValuePair<Guid, KeyHistory>(limit.KeyId, history));
        }
    }
}
