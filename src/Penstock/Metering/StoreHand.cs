using Penstock.Primitives;

namespace Penstock.Metering;

/// <summary>
/// What the writer has given the database to do: one thing at a time, on the pool, so that a database
/// that hangs stops nothing. After a failure it rests, longer each time. Used by the writer alone.
/// </summary>
internal sealed class StoreHand(
    IUsageStore store,
    UsageLedger ledger,
    LedgerOptions options,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger<StoreHand> logger
)
{
    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(1);

    /// <summary>Doubled from a second on: a database that is back is noticed within half a minute.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(30);

    /// <summary>Retention counts in days.</summary>
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);

    private Task? _work;
    private UsageBatch? _batch;
    private bool _isPutAside;
    private TimeSpan _rest;
    private long _restUntil;
    private long _pruneAt;

    /// <summary>Ready for something to do.</summary>
    public bool IsFree => _work is null && time.GetTimestamp() >= _restUntil;

    /// <summary>Has nothing to do, and nothing that it is time to begin.</summary>
    public bool IsIdle => _work is null && _batch is null && time.GetTimestamp() < _pruneAt;

    /// <summary>Rows that are in memory alone: given to the database, which has not said that it has them.</summary>
    public ReadOnlyMemory<UsageRecord> Unsaved => _batch is null || _isPutAside ? default : _batch.Rows;

    /// <summary>The batch is the hand's from here on.</summary>
    public void Write(UsageBatch batch)
    {
        (_batch, _isPutAside) = (batch, false);
        _work = Task.Run(() => AppendAsync(batch.Rows));
    }

    /// <summary>The unsaved rows are on disk now.</summary>
    public void PutAside()
    {
        _isPutAside = true;
        // A database that hangs may still be reading them.
        if (_work is null)
        {
            Release();
        }
    }

    /// <summary>Gives the database the oldest file of the spool, which is deleted then.</summary>
    public void Replay(UsageSpool spool) => _work = Task.Run(() => ReplayAsync(spool));

    /// <summary>Deletes what is too old, a bounded number of rows at a time, if it is time to.</summary>
    public void Prune()
    {
        if (IsFree && time.GetTimestamp() >= _pruneAt)
        {
            _pruneAt = After(PruneInterval);
            _work = Task.Run(PruneAsync);
        }
    }

    /// <summary>Waits for the work under way, on the thread of who asks; what has not ended by then goes on.</summary>
    public void Settle(TimeSpan patience)
    {
        if (_work is not { } work || !(work.IsCompleted || ((IAsyncResult)work).AsyncWaitHandle.WaitOne(patience)))
        {
            return;
        }

        _work = null;
        try
        {
            work.GetAwaiter().GetResult();
            Release();
            Succeeded();
        }
        catch (Exception error)
        {
            if (_isPutAside)
            {
                Release();
            }

            Failed(error);
        }
        finally
        {
            work.Dispose();
        }
    }

    private void Release()
    {
        if (_batch is { } batch)
        {
            _batch = null;
            ledger.GiveBack(batch);
        }
    }

    private async Task AppendAsync(ReadOnlyMemory<UsageRecord> rows)
    {
        await store.AppendAsync(rows, CancellationToken.None);
        metrics.Write(rows.Length);
    }

    private async Task ReplayAsync(UsageSpool spool)
    {
        if (spool.ReadOldest() is not { } segment)
        {
            return;
        }

        await AppendAsync(segment.Rows.ToArray());
        if (spool.Remove(segment) is { } aside)
        {
            logger.Damaged(segment.File, segment.Rows.Count, aside);
        }
    }

    private async Task PruneAsync()
    {
        var now = time.GetUtcNow();
        var gone = await store.PruneAsync(
            Before(now, options.RetentionDays),
            Before(now, options.SumRetentionDays),
            options.PruneRows,
            CancellationToken.None
        );
        if (gone >= options.PruneRows)
        {
            Volatile.Write(ref _pruneAt, time.GetTimestamp());
        }
    }

    private static DateTimeOffset Before(DateTimeOffset now, int days) =>
        days == 0 ? DateTimeOffset.UnixEpoch : now.AddDays(-days);

    private void Succeeded()
    {
        if (_rest > TimeSpan.Zero)
        {
            logger.StoreBack();
        }

        (_rest, _restUntil) = (TimeSpan.Zero, 0);
    }

    private void Failed(Exception error)
    {
        if (_rest == TimeSpan.Zero)
        {
            logger.StoreAway(error);
        }

        _rest = _rest == TimeSpan.Zero ? FirstRest : TimeSpan.FromTicks(Math.Min(_rest.Ticks * 2, LongestRest.Ticks));
        _restUntil = After(_rest);
    }

    private long After(TimeSpan span) => time.GetTimestamp() + time.Ticks(span);
}
