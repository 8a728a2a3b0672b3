namespace Penstock.Routing;

/// <summary>
/// Tells one death from many. An engine that dies fails all that was under way on it in the same moment: that is one
/// event, and whoever comes later finds out for themselves whether it lasts. Safe for all threads.
/// </summary>
internal sealed class FailureMoment
{
    /// <summary>Seconds: a crash cuts its connections within milliseconds, and on a loaded machine all are read in a second.</summary>
    private const int Length = 1;

    private long _at = long.MinValue;

    /// <summary>Whether the failure is an event of its own, which begins a moment of its own.</summary>
    /// <param name="began">Timestamp at which the attempt that failed began.</param>
    /// <param name="second">Timestamp ticks of a second.</param>
    public bool IsAnother(long began, long now, long second)
    {
        var at = Volatile.Read(ref _at);
        if (began < at && now - at <= Length * second)
        {
            return false;
        }

        // Of two that find out together one has counted it.
        return Interlocked.CompareExchange(ref _at, now, at) == at;
    }
}
