using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Penstock.Metering;

/// <summary>
/// The ledger as a request sees it: hand the record over and go. Never waits for a database; the copy into the queue
/// is all it costs (see <see cref="LedgerOptions.Durable"/> for the exception).
/// </summary>
internal sealed class UsageLedger(LedgerOptions options, UsageSpool spool, LedgerMetrics metrics)
{
    private readonly Channel<UsageRecord> _queue = Channel.CreateBounded<UsageRecord>(
        new BoundedChannelOptions(options.QueueRows) { SingleReader = true }
    );

    /// <summary>Safe for all threads. A record that finds no place is counted as lost: see the metrics.</summary>
    public void Record(in UsageRecord record)
    {
        var kept = options.Durable ? spool.Append([record]) : _queue.Writer.TryWrite(record);
        if (!kept)
        {
            metrics.Lose(1);
        }
    }

    /// <summary>Rows that wait for the writer.</summary>
    public int Count => _queue.Reader.Count;

    /// <summary>For the one writer.</summary>
    public bool TryTake([MaybeNullWhen(false)] out UsageRecord record) => _queue.Reader.TryRead(out record);
}
