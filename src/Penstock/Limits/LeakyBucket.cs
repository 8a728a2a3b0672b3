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
    private readonly Int128 _request = (Int128)60 * ticksPerSecond;
    private Int128 _level;
    private long _drainedAt = now;
    private int _requestsPerMinute = 1;

    /// <summary>Whether it held nothing at this moment.</summary>
    public readonly bool IsEmptyAt(long now) => LevelAt(now) == 0;

    /// <summary>Adds one request, or adds nothing and tells how many ticks later one would pass.</summary>
    public bool TryAdd(in Limit limit, long now, out long waitTicks)
    {
        var capacity = limit.Burst * _request;

        // Up to this request it drained as the limit then was. One that has become smaller spills, or a key whose
        // limit was cut would be refused for much longer than its new limit says.
        _level = Int128.Min(LevelAt(now), capacity);
        _drainedAt = Math.Max(now, _drainedAt);
        _requestsPerMinute = limit.RequestsPerMinute;

        var excess = _level + _request - capacity;
        if (excess > 0)
        {
            waitTicks = (long)((excess + _requestsPerMinute - 1) / _requestsPerMinute);
            return false;
        }

        _level += _request;
        waitTicks = 0;
        return true;
    }

    private readonly Int128 LevelAt(long now)
    {
        var elapsed = Math.Max(0, now - _drainedAt);
        return Int128.Max(0, _level - (Int128)elapsed * _requestsPerMinute);
    }
}
