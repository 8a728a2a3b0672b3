using Penstock.Primitives;

namespace Penstock.Idempotency;

/// <summary>
/// Keeps answers in this process, bounded in bytes and keys over all workspaces. Whoever holds most makes room: one
/// workspace cannot push out the answers of the others.
/// </summary>
internal sealed class MemoryIdempotencyStore : IIdempotencyStore, IDisposable
{
    /// <summary>A key that is asked for again is judged by the clock; the sweep is for those that are not.</summary>
    private static readonly TimeSpan SweepInterval = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<IdempotencyKey, Recording> _recordings = [];
    private readonly Dictionary<Guid, Shelf> _shelves = [];
    private readonly IdempotencyOptions _options;
    private readonly IdempotencyMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;
    private readonly long _lifetime;
    private long _bytes;
    private int _shelved;

    public MemoryIdempotencyStore(IdempotencyOptions options, IdempotencyMetrics metrics, TimeProvider time)
    {
        (_options, _metrics, _time) = (options, metrics, time);
        _lifetime = time.Ticks(TimeSpan.FromHours(options.Hours));
        _sweeper = time.CreateTimer(
            static store => ((MemoryIdempotencyStore)store!).Sweep(),
            this,
            SweepInterval,
            SweepInterval
        );
    }

    /// <summary>Memory of all answers, kept and under way.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Keys that are known.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _recordings.Count;
            }
        }
    }

    /// <summary>How many listen to a generation beside its first caller.</summary>
    public int TwinsOf(Guid workspaceId, string key)
    {
        lock (_gate)
        {
            return _recordings.GetValueOrDefault(IdempotencyKey.Of(workspaceId, key))?.Twins ?? 0;
        }
    }

    public ValueTask<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key,
        Fingerprint body,
        CancellationToken cancellationToken
    ) => new(Claim(key, body));

    public ValueTask KeepAsync(Recording recording)
    {
        Keep(recording);
        return default;
    }

    public IdempotencyClaim Claim(IdempotencyKey key, Fingerprint body)
    {
        lock (_gate)
        {
            Expire(key.WorkspaceId);
            if (!_recordings.TryGetValue(key, out var known) || known.IsOver)
            {
                var recording = _recordings[key] = new Recording(this, key, body);
                return new(ClaimOutcome.Owned, recording);
            }

            return known.Body != body ? new(ClaimOutcome.OtherBody)
                : known.Attach(default) is { } playback ? new(ClaimOutcome.Attached, Playback: playback)
                : new(ClaimOutcome.Unavailable);
        }
    }

    public void Keep(Recording recording)
    {
        lock (_gate)
        {
            Seal(recording);
            // Whose listeners had all left has been replaced, if somebody came since.
            if (_recordings.GetValueOrDefault(recording.Key) == recording)
            {
                ShelfOf(recording.Key.WorkspaceId).Add(recording, _time.GetTimestamp() + _lifetime);
                _shelved++;
                BoundKeys();
                return;
            }
        }

        recording.Loosen();
    }

    /// <summary>All has been said. Its key is taken until it is kept or removed.</summary>
    public void Seal(Recording recording)
    {
        lock (_gate)
        {
            var before = recording.Capacity;
            recording.Seal();
            Free(before - recording.Capacity);
        }
    }

    /// <summary>The key is free again. Those who listen still do.</summary>
    public void Remove(Recording recording)
    {
        lock (_gate)
        {
            Detach(recording);
        }

        recording.Loosen();
    }

    /// <summary>Takes memory for more of an answer, which others may have to give up.</summary>
    /// <param name="held">What the answer has already.</param>
    public bool TryGrow(int held, int least, int wanted, out int size)
    {
        size = Math.Min(wanted, _options.AnswerBytes - held);
        if (size < least)
        {
            return false;
        }

        lock (_gate)
        {
            while (Bytes + size > _options.MemoryBytes)
            {
                var freed = Forget();
                if (freed == 0)
                {
                    return false;
                }

                Free(freed);
                _metrics.Unkept();
            }

            Free(-size);
            return true;
        }
    }

    /// <param name="bytes">Negative: they are taken.</param>
    public void Free(long bytes)
    {
        Interlocked.Add(ref _bytes, -bytes);
        _metrics.Hold(-bytes);
    }

    /// <summary>An answer had no room.</summary>
    public void Unkept() => _metrics.Unkept();

    /// <summary>Forgets what has been kept long enough.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var workspace in _shelves.Keys.ToList())
            {
                Expire(workspace);
            }
        }
    }

    public void Dispose() => _sweeper.Dispose();

    private void Expire(Guid workspace)
    {
        if (!_shelves.TryGetValue(workspace, out var shelf))
        {
            return;
        }

        var now = _time.GetTimestamp();
        while (shelf.Oldest is { } oldest && oldest.ExpiresAt <= now)
        {
            DropOldest(shelf);
        }

        if (shelf.Count == 0)
        {
            _shelves.Remove(workspace);
        }
    }

    private int Forget() =>
        _shelves
            .Values.OrderByDescending(shelf => shelf.Bytes)
            .Select(shelf => shelf.Forget())
            .FirstOrDefault(bytes => bytes > 0);

    private void BoundKeys()
    {
        while (_shelved > _options.Keys && _shelves.Values.MaxBy(shelf => shelf.Count) is { } largest)
        {
            DropOldest(largest);
        }
    }

    private void DropOldest(Shelf shelf)
    {
        var recording = shelf.RemoveOldest();
        _shelved--;
        Detach(recording);
        recording.Loosen();
    }

    private void Detach(Recording recording)
    {
        if (_recordings.GetValueOrDefault(recording.Key) == recording)
        {
            _recordings.Remove(recording.Key);
        }
    }

    private Shelf ShelfOf(Guid workspace)
    {
        if (!_shelves.TryGetValue(workspace, out var shelf))
        {
            shelf = _shelves[workspace] = new Shelf();
        }

        return shelf;
    }
}
