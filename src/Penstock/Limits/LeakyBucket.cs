using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>
/// A bucket that drains at limit/60 a second and takes a request only if it holds no more than the burst after it.
/// Counted in whole numbers, so that no request is won or lost by rounding. Not thread-safe.
/// </summary>
/// <remarks>
/// One request is 60 × frequency units and one tick drains as many units as the limit is requests a minute: both are
/// integers for every limit and every clock. 128 bits hold any burst at any frequency over any time.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal struct LeakyBucket(long ticksPerSecond, long now)
{
    private readonly Int128 request = (Int128)60 * ticksPerSecond;
    private Int128 level;
    private long drainedAt = now;
    private int requestsPerMinute = 1;

    /// <summary>Whether it held nothing at this moment.</summary>
    public readonly bool IsEmptyAt(long now) => LevelAt(now) == 0;

    /// <summary>Adds one request, or adds nothing and tells how many ticks later one would pass.</summary>
    public bool TryAdd(in Limit limit, long now, out long waitTicks)
    {
        var capacity = limit.Burst * request;

        // Up to this request it drained as the limit then was. One that has become smaller spills, or a key whose
        // limit was cut would be refused for much longer than its new limit says.
        level = Int128.Min(LevelAt(now), capacity);
        drainedAt = Math.Max(now, drainedAt);
        requestsPerMinute = limit.RequestsPerMinute;

        var excess = level + request - capacity;
        if (excess > 0)
        {
            waitTicks = (long)((excess + requestsPerMinute - 1) / requestsPerMinute);
            return false;
        }

        level += request;
        waitTicks = 0;
        return true;
    }

    private readonly Int128 LevelAt(long now)
    {
        var elapsed = Math.Max(0, now - drainedAt);
        return Int128.Max(0, level - (Int128)elapsed * requestsPerMinute);
    }
}
