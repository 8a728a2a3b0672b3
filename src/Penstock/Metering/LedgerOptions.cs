using System.ComponentModel.DataAnnotations;

namespace Penstock.Metering;

/// <summary>Settings of the ledger (section <c>Ledger</c>).</summary>
internal sealed class LedgerOptions
{
    /// <summary>
    /// Longest time that a finished request stands in memory alone: what a kill can lose. Seven commits a second are
    /// what a slow disk bears.
    /// </summary>
    [Range(1, 60_000)]
    public int FlushMilliseconds { get; set; } = 200;

    /// <summary>
    /// Every record is in a file before its request is over, so that a kill loses none: a write of some 300 bytes to the
    /// page cache on the path of each request, 3 to 10 microseconds.
    /// </summary>
    public bool Durable { get; set; }

    /// <summary>Records between two flushes: 300,000 requests a second at the default interval, 16 MiB if it is full.</summary>
    [Range(16, 10_000_000)]
    public int QueueRows { get; set; } = 65_536;

    /// <summary>Rows a transaction: 4,096 are some 40 ms of work for SQLite.</summary>
    [Range(1, 100_000)]
    public int BatchRows { get; set; } = 4_096;

    /// <summary>Bytes of rows that wait on disk while the database is away: 1 GiB are five million requests.</summary>
    [Range(1 << 20, 1L << 50)]
    public long SpoolBytes { get; set; } = 1 << 30;

    /// <summary>Days that single requests are kept, 0 = for ever: bills are disputed within a quarter.</summary>
    [Range(0, 36_500)]
    public int RetentionDays { get; set; } = 90;

    /// <summary>Days that the hourly sums are kept, 0 = for ever: five years of them are small.</summary>
    [Range(0, 36_500)]
    public int SumRetentionDays { get; set; } = 1_826;

    /// <summary>Rows deleted at a time: 5,000 hold the writer up by some 30 ms.</summary>
    [Range(1, 100_000)]
    public int PruneRows { get; set; } = 5_000;
}
