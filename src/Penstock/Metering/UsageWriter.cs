using System.Collections.Concurrent;

namespace Penstock.Metering;

/// <summary>
/// The one writer of the ledger. At every flush it takes what has gathered and hands it to the database as one batch;
/// while the database is slow or away, batches go to the spool and from there to the database once it is back. A batch
/// that may be in both is one batch all the same: the request id is the key.
/// </summary>
internal sealed class UsageWriter(
    UsageLedger ledger,
    UsageSpool spool,
    StoreHand hand,
    LedgerOptions options,
    LedgerMetrics metrics,
    TimeProvider time,
    ILogger<UsageWriter> logger
) : BackgroundService
{
    /// <summary>What a question waits for at most to be answered with the newest rows; then it is answered without.</summary>
    private static readonly TimeSpan LongestFlush = TimeSpan.FromSeconds(1);

    /// <summary>What a database that is slow gets at the stop before the rest is left to the spool.</summary>
    private static readonly TimeSpan LastWrite = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<TaskCompletionSource> _asked = new();
    private volatile TaskCompletionSource _wake = NewSignal();

    /// <summary>
    /// Half of the time goes to gathering and half to the database's answer: then all of it is on disk, here or there.
    /// </summary>
    private TimeSpan Half => TimeSpan.FromMilliseconds(options.FlushMilliseconds / 2.0);

    /// <summary>Returns when what was recorded before is in the database, or after a second.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var asked = NewSignal();
        _asked.Enqueue(asked);
        _wake.TrySetResult();
        await Task.WhenAny(asked.Task, Task.Delay(LongestFlush, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Writes what is there at the end of the process too: the callers have left by then.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await StepAsync(LastWrite);
        spool.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(_wake.Task, Task.Delay(Half, time, stoppingToken));
            _wake = NewSignal();
            var asking = _asked.Count;
            await StepAsync(asking > 0 ? LongestFlush : Half);
            for (; asking > 0 && _asked.TryDequeue(out var asked); asking--)
            {
                asked.TrySetResult();
            }
        }
    }

    /// <summary>Takes everything that has gathered, and gives the database what it is ready for.</summary>
    /// <param name="patience">How long the database is waited for before its batch goes to the spool too.</param>
    private async Task StepAsync(TimeSpan patience)
    {
        await hand.SettleAsync(patience);
        while (UsageBatch.Take(ledger, options.BatchRows) is { } batch)
        {
            if (hand.IsFree && spool.IsEmpty)
            {
                hand.Write(batch);
                await hand.SettleAsync(patience);
                PutAside(hand.Unsaved.Span);
                hand.PutAside();
            }
            else
            {
                PutAside(batch.Rows.Span);
                batch.Dispose();
            }
        }

        if (!spool.IsEmpty && hand.IsFree)
        {
            hand.Replay(spool);
            await hand.SettleAsync(patience);
        }

        hand.Prune();
    }

    private void PutAside(ReadOnlySpan<UsageRecord> rows)
    {
        if (!rows.IsEmpty && !spool.Append(rows))
        {
            metrics.Lose(rows.Length);
            logger.Lost(rows.Length);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
