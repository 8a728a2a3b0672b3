using Penstock.Primitives;

namespace Penstock.Storage.Redis.Slices;

/// <summary>For how long a slice is leased and how large it may be, in the ticks of this node's own clock.</summary>
/// <param name="NodeLease">After so long without a word a node is dead, and what it had set aside is free again.</param>
internal sealed record SliceTerms(TimeSpan Lease, TimeSpan NodeLease, int Percent, TimeProvider Time)
{
    /// <summary>Fewer in a lease are decided one by one: a slice would save nothing.</summary>
    public const int LeastUse = 2;

    public static SliceTerms Of(RedisOptions options, TimeProvider time) =>
        new(
            TimeSpan.FromMilliseconds(options.SliceMilliseconds),
            TimeSpan.FromSeconds(options.LeaseSeconds),
            options.SlicePercent,
            time
        );

    public long Now => Time.GetTimestamp();

    public long Ticks { get; } = Math.Max(1, Time.Ticks(Lease));

    /// <summary>After so long a slice in use is renewed, and one that is not is given back.</summary>
    public long HalfTicks => Ticks / 2;

    /// <summary>After so long the lease of requests that run is renewed.</summary>
    public long RenewTicks { get; } = Math.Max(1, Time.Ticks(NodeLease / 3));

    public long Micros(long ticks) => (long)(Math.Max(0, ticks) * 1_000_000m / Time.TimestampFrequency);
}
