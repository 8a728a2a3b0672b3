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

    private readonly ConcurrentDictionary<Guid, KeyHistory> _histories = new();
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private readonly ITimer _sweeper;

    public LocalLimitStore(TimeProvider clock)
    {
        _clock = clock;
        _origin = clock.GetTimestamp();
        _sweeper = clock.CreateTimer(
            static store => ((LocalLimitStore)store!).Sweep(),
            this,
            SweepInterval,
            SweepInterval
        );
    }

    /// <summary>How many keys have a history.</summary>
    public int Count => _histories.Count;

    public ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken) => new(Take(limit));

    public ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken) =>
        new(
            _histories.TryGetValue(limit.KeyId, out var history)
                ? history.Peek(limit)
                : new LimitDecision(
                    Granted: true,
                    limit.RequestsPerMinute,
                    limit.RequestsPerMinute,
                    _clock.GetUtcNow().ToUnixTimeSeconds(),
                    RetryAfterSeconds: 0
                )
        );

    /// <summary>
    /// How many requests of the last minute the key was granted here, which from now on another store counts. Its bucket
    /// stays as it is.
    /// </summary>
    public int HandOver(Guid key) => _histories.TryGetValue(key, out var history) ? history.HandOver() : 0;

    /// <summary>The other store could not take them.</summary>
    public void HandBack(Guid key, int count)
    {
        if (count > 0 && _histories.TryGetValue(key, out var history))
        {
            history.HandBack(count);
        }
    }

    /// <summary>Drops the histories that bear on no decision any more.</summary>
    public void Sweep()
    {
        foreach (var entry in _histories)
        {
            // First retired, then removed: whoever still holds it is told to ask for another one.
            if (entry.Value.TryRetire(Idle))
            {
                _histories.TryRemove(entry);
            }
        }
    }

    public void Dispose() => _sweeper.Dispose();

    private LimitDecision Take(in Limit limit)
    {
        while (true)
        {
            var history = _histories.TryGetValue(limit.KeyId, out var known)
                ? known
                : _histories.GetOrAdd(
                    limit.KeyId,
                    static (_, store) => new KeyHistory(store._clock, store._origin),
                    this
                );
            if (history.TryTake(limit, out var decision))
            {
                return decision;
            }

            // Retired between finding and asking; whichever of the two removes it first is right.
            _histories.TryRemove(new KeyValuePair<Guid, KeyHistory>(limit.KeyId, history));
        }
    }
}
