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

    private readonly Lock gate = new();
    private readonly TimeProvider clock;
    private readonly long origin;
    private LeakyBucket bucket;
    private RequestWindow window;
    private long seenAt;
    private bool retired;

    /// <param name="clock">Its timestamps decide; its wall clock only says when the budget is back.</param>
    /// <param name="origin">A timestamp in the past, from which seconds are counted.</param>
    public KeyHistory(TimeProvider clock, long origin)
    {
        this.clock = clock;
        this.origin = origin;
        seenAt = origin;
        bucket = new LeakyBucket(clock.TimestampFrequency, origin);
    }

    /// <summary>Decides on one request; false if this history has been retired and another one must be asked.</summary>
    public bool TryTake(in Limit limit, out LimitDecision decision)
    {
        lock (gate)
        {
            decision = default;
            if (retired)
            {
                return false;
            }

            // The clock is read inside, so that the order of the decisions is the order of their times.
            var now = Now();
            window.Advance(SecondOf(now));
            var granted = bucket.TryAdd(limit, now, out var waitTicks);
            if (granted)
            {
                window.Add();
            }

            decision = new LimitDecision(
                granted,
                limit.RequestsPerMinute,
                granted ? Math.Max(0, limit.RequestsPerMinute - window.Count) : 0,
                ResetAt(now, window.Count),
                granted ? 0 : WholeSeconds(waitTicks)
            );
            return true;
        }
    }

    /// <summary>Tells how the key stands; changes nothing but that the key was seen.</summary>
    public LimitDecision Peek(in Limit limit)
    {
        lock (gate)
        {
            var now = Now();
            var count = window.CountAt(SecondOf(now));
            return new LimitDecision(
                Granted: true,
                limit.RequestsPerMinute,
                Math.Max(0, limit.RequestsPerMinute - count),
                ResetAt(now, count),
                RetryAfterSeconds: 0
            );
        }
    }

    /// <summary>Retires a history that nobody has asked for a while and that no longer bears on any decision.</summary>
    public bool TryRetire(TimeSpan idle)
    {
        lock (gate)
        {
            var now = clock.GetTimestamp();
            retired |=
                clock.GetElapsedTime(seenAt, now) > idle && window.CountAt(SecondOf(now)) == 0 && bucket.IsEmptyAt(now);
            return retired;
        }
    }

    // A clock that steps back (none should) neither drains the bucket nor brings a forgotten second back.
    private long Now() => seenAt = Math.Max(seenAt, clock.GetTimestamp());

    private long SecondOf(long timestamp) => (timestamp - origin) / clock.TimestampFrequency;

    private int WholeSeconds(long ticks)
    {
        var frequency = clock.TimestampFrequency;
        return (int)Math.Clamp((ticks / frequency) + (ticks % frequency == 0 ? 0 : 1), 1, int.MaxValue);
    }

    private long ResetAt(long now, int count)
    {
        var wall = clock.GetUtcNow();
        if (count == 0)
        {
            return wall.ToUnixTimeSeconds();
        }

        var frequency = clock.TimestampFrequency;
        var ticks = origin + ((window.LastSecond + RequestWindow.Seconds + 1) * frequency) - now;
        var reset = wall.Ticks + (long)((Int128)ticks * TimeSpan.TicksPerSecond / frequency);
        return ((reset + TimeSpan.TicksPerSecond - 1) / TimeSpan.TicksPerSecond) - UnixEpochSeconds;
    }
}
