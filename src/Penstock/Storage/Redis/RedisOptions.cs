using System.ComponentModel.DataAnnotations;

namespace Penstock.Storage.Redis;

/// <summary>Settings of the shared place for limits and answers (section <c>Redis</c>).</summary>
internal sealed class RedisOptions
{
    public const string Section = "Redis";

    public const string ConnectionKey = $"{Section}:{nameof(Connection)}";

    public const string LimitsKey = $"{Section}:{nameof(Limits)}";

    /// <summary>Of <see cref="Limits"/>: each node decides out of slices that it has leased.</summary>
    public const string Leased = "leased";

    /// <summary>Where Valkey or Redis is, in the form of StackExchange.Redis; null: each node counts for itself.</summary>
    public string? Connection { get; set; }

    /// <summary>What all keys begin with, so that several fleets can share one server.</summary>
    [RegularExpression("^[A-Za-z0-9_.:-]{1,64}$")]
    public string Prefix { get; set; } = "penstock";

    /// <summary>
    /// <c>exact</c>: one script a decision; <c>leased</c>: each node takes slices of the limits ahead of need and decides out
    /// of them, faster and refusing up to its slices too early (decision 21).
    /// </summary>
    [AllowedValues("exact", Leased)]
    public string Limits { get; set; } = "exact";

    /// <summary>
    /// For how long a slice is leased: what a node has and does not use, no other grants for so long. A slice holds what
    /// the node used in that time, so that it asks some twice in it, whatever the rate. Below the least lease of a node.
    /// </summary>
    [Range(100, 3_000)]
    public int SliceMilliseconds { get; set; } = 1_000;

    /// <summary>
    /// The largest part of what is free that one node holds as a slice: with a tenth, three of them leave seven tenths
    /// of it to whoever comes next.
    /// </summary>
    [Range(1, 50)]
    public int SlicePercent { get; set; } = 10;

    /// <summary>
    /// What one decision on the path of a request waits for at most. A request takes two of them: together they stay
    /// below 50 ms, and a healthy server answers in one.
    /// </summary>
    [Range(1, 10_000)]
    public int DeadlineMilliseconds { get; set; } = 20;

    /// <summary>What everything else waits for: nobody is held up by it.</summary>
    [Range(100, 60_000)]
    public int PatienceMilliseconds { get; set; } = 2_000;

    /// <summary>Calls that fail in a row until none is tried: one may be a pause of this process.</summary>
    [Range(1, 1_000)]
    public int FailuresToOpen { get; set; } = 3;

    /// <summary>
    /// Between two looks at a server that is away; up to as much again is added by chance, so that the nodes do not come
    /// back as one.
    /// </summary>
    [Range(50, 600_000)]
    public int RetryMilliseconds { get; set; } = 1_000;

    /// <summary>
    /// After so long without a word of its node, a place among concurrent requests and what is reserved of a budget are
    /// free again: a node that was killed holds others up for no longer.
    /// </summary>
    [Range(3, 3_600)]
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>Between two signs of life; a node that has missed three is not counted among those who share a limit.</summary>
    [Range(1, 600)]
    public int HeartbeatSeconds { get; set; } = 5;

    /// <summary>Nodes among whom limits are shared at least, for one that starts while the server is away.</summary>
    [Range(1, 10_000)]
    public int LeastNodes { get; set; } = 1;

    /// <summary>
    /// After so long without a word of its node, a generation under an <c>Idempotency-Key</c> is taken over by one who
    /// waits for it on another; renewed at a fifth of it. Longer than a pause of a process, shorter than a caller's patience.
    /// </summary>
    [Range(1, 3_600)]
    public int TwinLeaseSeconds { get; set; } = 5;

    /// <summary>
    /// Between two pieces that a node shows of an answer, and between two looks of another that listens: together what a
    /// twin elsewhere is behind, below what a reader sees.
    /// </summary>
    [Range(1, 10_000)]
    public int TwinMilliseconds { get; set; } = 50;

    /// <summary>
    /// Bytes of all answers that the server keeps for later twins: a thousand of 256 KB. The oldest makes room; those
    /// under way come on top.
    /// </summary>
    [Range(0, 1L << 40)]
    public long AnswerBytes { get; set; } = 256 << 20;
}
