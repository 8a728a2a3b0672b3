using System.Collections.Concurrent;

namespace Penstock.Metering;

/// <summary>
/// The one writer of the ledger, a thread of its own: several times a second it would wake the pool's threads and set
/// their timers, which costs more than what it does. It sleeps until there is a row, lets more gather, and hands the
/// database all of them as one batch; while the database is slow or away, batches go to the spool and from there to the
/// database once it is back. A batch that may be in both is one batch all the same: the request id is the key.
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

    /// <summary>Retention and what else has its time are looked at this often even if nobody calls.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<TaskCompletionSource> _asked = new();
    private readonly AutoResetEvent _hurry = new(false);

    /// <summary>
    /// Two thirds of the time go to gathering and one to the database's answer: then all of it is on disk, here or there.
    /// A commit costs as much as a hundred rows, whatever is in it.
    /// </summary>
    private TimeSpan Gathering => TimeSpan.FromMilliseconds(options.FlushMilliseconds * 2 / 3.0);

    private TimeSpan Patience => TimeSpan.FromMilliseconds(options.FlushMilliseconds / 3.0);

    /// <summary>Returns when what was recorded before is in the database, or after a second.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked.Enqueue(asked);
        Hurry();
        await Task.WhenAny(asked.Task, Task.Delay(LongestFlush, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Writes what is there at the end of the process too: the callers have left by then.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        // Two would write at once: it is awaited even when the time for a graceful stop is over. Its last step is bounded.
        await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.Run(Drain, CancellationToken.None);
        spool.Dispose();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.Factory.StartNew(
            () => Run(stoppingToken),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    private void Run(CancellationToken stop)
    {
        Thread.CurrentThread.Name = "ledger";
        using var stopping = stop.UnsafeRegister(static self => ((UsageWriter)self!).Hurry(), this);
        // What came while the database was busy has waited for that long already.
        var stepped = time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            if (spool.IsEmpty && hand.IsIdle && _asked.IsEmpty && ledger.Waiting == 0)
            {
                ledger.AwaitAny(LongestSleep);
                stepped = time.GetTimestamp();
            }

            var left = Gathering - time.GetElapsedTime(stepped);
            _hurry.WaitOne(left > TimeSpan.Zero ? left : TimeSpan.Zero);
            stepped = time.GetTimestamp();
            var asking = _asked.Count;
            Step(asking > 0 ? LongestFlush : Patience);
            // Not within a step: the last one, at the stop, must leave nothing behind that still uses the database.
            hand.Prune();
            for (; asking > 0 && _asked.TryDequeue(out var asked); asking--)
            {
                asked.TrySetResult();
            }
        }
    }

    private void Drain()
    {
        do
        {
            Step(LastWrite);
        } while (ledger.Waiting > 0);
    }

    /// <summary>Whether it sleeps or lets rows gather: it goes on now.</summary>
    private void Hurry()
    {
        _hurry.Set();
        ledger.Wake();
    }

    /// <summary>Takes everything that has gathered, and gives the database what it is ready for.</summary>
    /// <param name="patience">How long the database is waited for before its batch goes to the spool too.</param>
    private void Step(TimeSpan patience)
    {
        hand.Settle(patience);
        // What comes from here on gathers for the next step: each commit would find a few rows more, without an end.
        var left = ledger.Waiting;
        while (left > 0 && ledger.Take() is { } batch)
        {
            left -= batch.Rows.Length;
            if (hand.IsFree && spool.IsEmpty)
            {
                hand.Write(batch);
                hand.Settle(patience);
                PutAside(hand.Unsaved.Span);
                hand.PutAside();
            }
            else
            {
                PutAside(batch.Rows.Span);
                ledger.GiveBack(batch);
            }
        }

        if (!spool.IsEmpty && hand.IsFree)
        {
            hand.Replay(spool);
            hand.Settle(patience);
        }
    }

    private void PutAside(ReadOnlySpan<UsageRecord> rows)
    {
        if (!rows.IsEmpty && !spool.Append(rows))
        {
            metrics.Lose(rows.Length);
            logger.Lost(rows.Length);
        }
    }
}
