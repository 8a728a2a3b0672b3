using Penstock.Keys;
using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// How an account stood in the shared server when it was last heard of, what was reserved included: what a node that has
/// to decide alone divides the rest by.
/// </summary>
/// <param name="At">Timestamp of this node.</param>
/// <param name="Minute">Tokens of the last 60 seconds.</param>
/// <param name="Day">Its number, as <see cref="Moment.Day"/>.</param>
/// <param name="Month">Its number, as <see cref="Moment.Month"/>.</param>
internal sealed record HolderStanding(
    long At,
    long Minute,
    long Day,
    Outlay OfDay,
    long Month,
    Outlay OfMonth,
    long Spent
)
{
    /// <summary>After so long, nothing of a minute counts any more.</summary>
    private static readonly TimeSpan Minutes = TimeSpan.FromSeconds(61);

    /// <param name="first">Index of the first of its numbers.</param>
    public static HolderStanding Read(RedisResult reply, int first, TimeProvider time) =>
        new(
            time.GetTimestamp(),
            (long)reply[first],
            (long)reply[first + 1],
            new Outlay((long)reply[first + 2], (long)reply[first + 3]),
            (long)reply[first + 4],
            new Outlay((long)reply[first + 5], (long)reply[first + 6]),
            (long)reply[first + 7]
        );

    /// <summary>A node's share of what is left of each limit.</summary>
    /// <param name="running">Requests of this node that the server has granted and that still run.</param>
    public static Allowance ShareOf(
        Allowance limits,
        HolderStanding? known,
        int nodes,
        int running,
        Moment now,
        TimeProvider time
    )
    {
        var minute = known is not null && time.GetElapsedTime(known.At) < Minutes ? known.Minute : 0;
        var day = known is not null && known.Day == now.Day ? known.OfDay : default;
        var month = known is not null && known.Month == now.Month ? known.OfMonth : default;
        return new Allowance
        {
            TokensPerMinute = (int?)Share(limits.TokensPerMinute, minute, nodes),
            ConcurrentRequests = limits.ConcurrentRequests is { } most
                ? Math.Max(0, Math.Max(1, most / nodes) - running)
                : null,
            TokensPerDay = Share(limits.TokensPerDay, day.Tokens, nodes),
            TokensPerMonth = Share(limits.TokensPerMonth, month.Tokens, nodes),
            SpendPerDay = Share(limits.SpendPerDay, day.Cost, nodes),
            SpendPerMonth = Share(limits.SpendPerMonth, month.Cost, nodes),
        };
    }

    public static long? Share(long? limit, long used, int nodes) =>
        limit is { } most ? Math.Max(0, most - used) / nodes : null;
}
