namespace Penstock.Limits;

/// <summary>
/// What one key has been granted: its bucket and its count of the last minute, always of the same requests. One
/// small lock a key, held for some arithmetic and one reading of the clock, makes each decision exact.
/// </summary>
/// <remarks>
/// A compare-and-swap of one word could hold the bucket alone, not the count beside it, nor a limit that changes;
/// the lock costs some 10 ns of a decision's 110, and only requests of the same key ever meet at it.
/// </remarks>
internal sealed class KeyHistory
{
    private static readonly long UnixEpochSeconds = DateTimeOffset.UnixEpoch.Ticks / TimeSpan.TicksPerSecond;

    private readonly Lock _gate = new();
    private readonly TimeProvider _clock;
    private readonly long _origin;
    private LeakyBucket _bucket;
    private RequestWindow _window;
    private long _seenAt;
    private bool _retired;

    /// <param name="clock">Its timestamps decide; its wall clock only says when the budget is back.</param>
    /// <param name="origin">A timestamp in the past, from which seconds are counted.</param>
    public KeyHistory(TimeProvider clock, long origin)
    {
        _clock = clock;
        _origin = origin;
        _seenAt = origin;
        _bucket = new LeakyBucket(clock.TimestampFrequency, origin);
    }

    /// <summary>Decides on one request; false if this history has been retired and another one must be asked.</summary>
    public bool TryTake(in Limit limit, out LimitDecision decision)
    {
        lock (_gate)
        {
            decision = default;
            if (_retired)
            {
                return false;
            }

            // The clock is read inside, so that the order of the decisions is the order of their times.
            var now = Now();
            _window.Advance(SecondOf(now));
            var granted = _bucket.TryAdd(limit, now, out var waitTicks);
            if (granted)
            {
                _window.Add();
            }

            decision = new LimitDecision(
                granted,
                limit.RequestsPerMinute,
                granted ? Math.Max(0, limit.RequestsPerMinute - _window.Count) : 0,
                ResetAt(now, _window.Count),
                granted ? 0 : WholeSeconds(waitTicks)
            );
            return true;
        }
    }

    /// <summary>Tells how the key stands; changes nothing but that the key was seen.</summary>
    public LimitDecision Peek(in Limit limit)
    {
        lock (_gate)
        {
            var now = Now();
            var count = _window.CountAt(SecondOf(now));
            return new LimitDecision(
                Granted: true,
                limit.RequestsPerMinute,
                Math.Max(0, limit.RequestsPerMinute - count),
                ResetAt(now, count),
                RetryAfterSeconds: 0
            );
        }
    }

    /// <summary>
    /// Takes the count of the last minute away, for another store that goes on with it. The bucket stays as it is.
    /// </summary>
    public int HandOver()
    {
        lock (_gate)
        {
            var count = _window.CountAt(SecondOf(Now()));
            _window = default;
            return count;
        }
    }

    /// <summary>Counts again what nobody has taken over.</summary>
    public void HandBack(int count)
    {
        lock (_gate)
        {
            _window.Advance(SecondOf(Now()));
            _window.Add(count);
        }
    }

    /// <summary>Retires a history that nobody has asked for a while and that no longer bears on any decision.</summary>
    public bool TryRetire(TimeSpan idle)
    {
        lock (_gate)
        {
            var now = _clock.GetTimestamp();
            _retired |=
                _clock.GetElapsedTime(_seenAt, now) > idle
                && _window.CountAt(SecondOf(now)) == 0
                && _bucket.IsEmptyAt(now);
            return _retired;
        }
    }

    // A clock that steps back (none should) neither drains the bucket nor brings a forgotten second back.
    private long Now() => _seenAt = Math.Max(_seenAt, _clock.GetTimestamp());

    private long SecondOf(long timestamp) => (timestamp - _origin) / _clock.TimestampFrequency;

    private int WholeSeconds(long ticks)
    {
        var frequency = _clock.TimestampFrequency;
        return (int)Math.Clamp((ticks / frequency) + (ticks % frequency == 0 ? 0 : 1), 1, int.MaxValue);
    }

    private long ResetAt(long now, int count)
    {
        var wall = _clock.GetUtcNow();
        if (count == 0)
        {
            return wall.ToUnixTimeSeconds();
        }

        // A minute of any clock, times ten million, stays within 64 bits.
        var frequency = _clock.TimestampFrequency;
        var ticks = _origin + ((_window.LastSecond + RequestWindow.Seconds + 1) * frequency) - now;
        var reset = wall.Ticks + (ticks * TimeSpan.TicksPerSecond / frequency);
        return ((reset + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond) - UnixEpochSeconds;
    }
}
