namespace Penstock.Metering;

/// <summary>
/// The ledger as a request sees it: hand the record over and go. Never waits for a database; the copy into the queue
/// is all it costs (see <see cref="LedgerOptions.Durable"/> for the exception).
/// </summary>
internal sealed class UsageLedger(LedgerOptions options, UsageSpool spool, LedgerMetrics metrics)
{
    private readonly UsageQueue _queue = new(options.QueueRows, options.BatchRows);

    /// <summary>Safe for all threads. A record that finds no place is counted as lost: see the metrics.</summary>
    public void Record(in UsageRecord record)
    {
        var kept = options.Durable ? spool.Append(new ReadOnlySpan<UsageRecord>(in record)) : _queue.TryAdd(record);
        if (!kept)
        {
            metrics.Lose(1);
        }
    }

    /// <summary>Rows that wait for the writer.</summary>
    public int Waiting => _queue.Count;

    /// <summary>For the one writer: what has gathered, a batch at a time; null when there is nothing more.</summary>
    public UsageBatch? Take() => _queue.Take();

    /// <summary>From the one writer: the batch is written, or needed no more.</summary>
    public void GiveBack(UsageBatch batch) => _queue.GiveBack(batch);

    /// <summary>Sleeps until something may be there to be written: those who write to the spool do not tell.</summary>
    public void AwaitAny(TimeSpan most)
    {
        if (!options.Durable)
        {
            _queue.AwaitAny(most);
        }
    }

    /// <summary>Ends the sleep of the one writer, or its next one.</summary>
    public void Wake() => _queue.Wake();
}
