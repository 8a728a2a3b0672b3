using Penstock.Limits;

namespace Penstock.Storage.Redis;

/// <summary>
/// What this node knows of one key or workspace: how it last stood, how many of its requests run here, and what has ended
/// and is not yet told. What gathers while the server is away is summed, so that it takes no more room with time.
/// </summary>
internal sealed class RedisHolder(Guid id, RedisEpoch epoch)
{
    /// <summary>Leases a batch: some milliseconds of the server's time.</summary>
    private const int MostEnded = 500;

    /// <summary>After so long, nothing of a minute counts any more.</summary>
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);

    private readonly Lock _gate = new();
    private readonly Queue<(Guid Lease, long Tokens)> _ended = new();
    private Outlay _used;
    private long _alone;
    private long _aloneAt;

    /// <summary>Of the oldest that is not told yet.</summary>
    private string _epoch = epoch.Known;
    private SettlementBatch? _unanswered;
    private bool _sending;
    private int _running;

    public Guid Id => id;

    public HolderStanding? Known { get; set; }

    /// <summary>The sending under way, or the last one.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Nothing is left to be told.</summary>
    public bool IsTold
    {
        get
        {
            lock (_gate)
            {
                return !HasSomething;
            }
        }
    }

    /// <summary>Requests that the server has granted to this node and that still run.</summary>
    public int Running => Volatile.Read(ref _running);

    public void Begin() => Interlocked.Increment(ref _running);

    public void End() => Interlocked.Decrement(ref _running);

    /// <summary>A request that the server had granted has ended.</summary>
    public void Settle(Guid lease, Outlay used)
    {
        lock (_gate)
        {
            Add(used);
            _ended.Enqueue((lease, used.Tokens));
        }
    }

    /// <summary>Something was used that the server has granted nothing for.</summary>
    public void Use(Outlay used)
    {
        lock (_gate)
        {
            Add(used);
        }
    }

    /// <summary>A request that this node had granted by itself has ended.</summary>
    public void SettleAlone(Outlay used, TimeProvider time)
    {
        lock (_gate)
        {
            Add(used);
            _alone = time.GetElapsedTime(_aloneAt) < Minute ? _alone + used.Tokens : used.Tokens;
            _aloneAt = time.GetTimestamp();
        }
    }

    /// <summary>One sender at a time: batches are numbered, and an earlier number after a later one would be lost.</summary>
    public bool TryBeginSending()
    {
        lock (_gate)
        {
            return HasSomething && !_sending && (_sending = true);
        }
    }

    /// <summary>The batch that was not answered, else a new one; null ends the sending.</summary>
    public SettlementBatch? Next(Func<long> number, TimeProvider time)
    {
        lock (_gate)
        {
            if (!HasSomething)
            {
                _sending = false;
                return null;
            }

            return _unanswered ??= Gather(number(), time);
        }
    }

    /// <summary>The server has counted the batch, or knew of it by the ledger.</summary>
    public void Answered()
    {
        lock (_gate)
        {
            _unanswered = null;
        }
    }

    /// <summary>The server did not answer: the same batch is sent again.</summary>
    public void StopSending()
    {
        lock (_gate)
        {
            _sending = false;
        }
    }

    private bool HasSomething => _unanswered is not null || _ended.Count > 0 || _used != default;

    private void Add(Outlay used)
    {
        if (_ended.Count == 0 && _used == default)
        {
            _epoch = epoch.Known;
        }

        _used = _used + used;
    }

    private SettlementBatch Gather(long number, TimeProvider time)
    {
        var ended = new List<(Guid Lease, long Tokens)>(Math.Min(_ended.Count, MostEnded));
        while (ended.Count < MostEnded && _ended.TryDequeue(out var one))
        {
            ended.Add(one);
        }

        var alone = time.GetElapsedTime(_aloneAt) < Minute ? _alone : 0;
        var batch = new SettlementBatch(number, _used.Tokens, _used.Cost, alone, _epoch, ended);
        (_used, _alone) = (default, 0);
        return batch;
    }
}
