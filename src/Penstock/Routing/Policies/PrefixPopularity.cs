namespace Penstock.Routing.Policies;

/// <summary>
/// How large a part of the recent traffic begins in one way, in constant memory: two rows of counters, of which the
/// smaller is believed, halved as they fill. Over-estimates a little, never under. Not thread-safe.
/// </summary>
internal sealed class PrefixPopularity
{
    /// <summary>16 KiB a deployment; with a few thousand requests in it a counter is off by a thousandth.</summary>
    private const int Columns = 1024;

    /// <summary>The recent past, in requests: long enough to measure a hundredth, short enough to follow a day.</summary>
    private const int Window = 4096;

    private readonly float[] _counts = new float[2 * Columns];
    private float _total;

    /// <summary>Counts a request for each of its beginnings, the total once.</summary>
    public void Begin()
    {
        _total++;
        if (_total < Window)
        {
            return;
        }

        foreach (ref var count in _counts.AsSpan())
        {
            count /= 2;
        }

        _total /= 2;
    }

    /// <summary>Counts this beginning and tells its share.</summary>
    /// <param name="least">Requests below which no share is believed to be large.</param>
    public double Count(ulong beginning, int least)
    {
        ref var first = ref _counts[(int)(beginning % Columns)];
        ref var second = ref _counts[Columns + (int)((beginning >> 32) % Columns)];
        first++;
        second++;
        return (Math.Min(first, second) - 1) / Math.Max(_total, least);
    }
}
