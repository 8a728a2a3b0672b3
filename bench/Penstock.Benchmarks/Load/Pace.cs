namespace Penstock.Benchmarks.Load;

/// <summary>Says when the next request is due, over all connections.</summary>
internal sealed class Pace(long begin, int rate)
{
    private long _next;

    /// <summary>Waits until a request is due.</summary>
    /// <returns>
    /// When its time begins to count: now, or earlier when every connection was busy at the moment it was due.
    /// </returns>
    public async ValueTask<long> NextAsync(CancellationToken stop)
    {
        var now = TimeProvider.System.GetTimestamp();
        if (rate == 0)
        {
            return now;
        }

        var frequency = TimeProvider.System.TimestampFrequency;
        var due = begin + ((Interlocked.Increment(ref _next) - 1) * frequency / rate);
        if (due <= now)
        {
            return due;
        }

        await Task.Delay(TimeProvider.System.GetElapsedTime(now, due), TimeProvider.System, stop);
        // A timer is a millisecond late and more: that is the machine's, not the server's.
        return TimeProvider.System.GetTimestamp();
    }
}
