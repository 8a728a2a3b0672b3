using System.Collections.Concurrent;
using System.Globalization;
using Penstock.Idempotency;

namespace Penstock.Storage.Redis;

/// <summary>
/// One generation for all who ask with the same key, on whatever node. Each node keeps what it generates, or listens to,
/// in its memory while that goes on; what is whole is the server's. While that is away, each node answers by what it has
/// itself.
/// </summary>
internal sealed class RedisIdempotencyStore : IIdempotencyStore, IDisposable
{
    private readonly RedisAnswers _answers;
    private readonly MemoryIdempotencyStore _local;
    private readonly RedisFleet _fleet;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Recording, RedisBroadcast> _broadcasts = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopping;
    private long _owners;

    public RedisIdempotencyStore(
        RedisAnswers answers,
        MemoryIdempotencyStore local,
        RedisFleet fleet,
        RedisMetrics metrics,
        TimeProvider time
    )
    {
        (_answers, _local, _fleet, _metrics, _time) = (answers, local, fleet, metrics, time);
        _stopping = _stop.Token;
    }

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key,
        Fingerprint body,
        CancellationToken cancellationToken
    )
    {
        var claim = _local.Claim(key, body);
        if (claim.Recording is not { } recording)
        {
            return claim;
        }

        var isOwned = false;
        try
        {
            var asked = await AskAsync(recording);
            isOwned = asked.Outcome is ClaimOutcome.Owned or ClaimOutcome.Attached;
            return asked;
        }
        finally
        {
            if (!isOwned)
            {
                // Those who came meanwhile ask for themselves.
                recording.Withdraw();
            }
        }
    }

    public async ValueTask KeepAsync(Recording recording)
    {
        // Before the end, with which it goes.
        _broadcasts.TryGetValue(recording, out var broadcast);
        // Whoever listens here need not wait for the server.
        _local.Seal(recording);
        if (broadcast is not null && await broadcast.Kept)
        {
            _local.Remove(recording);
        }
        else
        {
            _local.Keep(recording);
        }
    }

    public void Dispose()
    {
        // Nobody is told: what is under way is taken over when its lease ends.
        _stop.Cancel();
        _stop.Dispose();
    }

    private async ValueTask<IdempotencyClaim> AskAsync(Recording recording)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_fleet.Node}:{Interlocked.Increment(ref _owners)}");
        var reply = _answers.IsUsable ? await _answers.ClaimAsync(recording, name) : null;
        if (reply is not { } asked)
        {
            _metrics.DecideAlone();
            return Own(recording, name);
        }

        return asked.Outcome switch
        {
            ClaimOutcome.Owned => Own(recording, name),
            ClaimOutcome.Attached => Follow(recording, asked.Owner),
            _ => new(asked.Outcome),
        };
    }

    /// <summary>Also when the server has said nothing: it may be back before the end.</summary>
    private IdempotencyClaim Own(Recording recording, string name)
    {
        var broadcast = new RedisBroadcast(_answers, recording, name, _time);
        _broadcasts[recording] = broadcast;
        _ = Task.Run(
            async () =>
            {
                try
                {
                    await broadcast.RunAsync(_stopping);
                }
                finally
                {
                    _broadcasts.TryRemove(recording, out _);
                }
            },
            CancellationToken.None
        );
        return new(ClaimOutcome.Owned, recording);
    }

    private IdempotencyClaim Follow(Recording recording, string owner)
    {
        var playback = recording.Attach(default)!;
        // There is no first caller here, only listeners.
        recording.FirstLeaves();
        var mirror = new RedisMirror(_answers, _local, recording, owner, _time);
        _ = Task.Run(() => mirror.RunAsync(_stopping), CancellationToken.None);
        return new(ClaimOutcome.Attached, Playback: playback);
    }
}
