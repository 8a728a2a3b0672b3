using System.Diagnostics.Metrics;

namespace Penstock.Inference.Tallies;

/// <summary>
/// Times of ended requests on their way to the histograms. They are written down here and handed over many at once:
/// finding a histogram's series takes a good thousand instructions, which a request would meet with cold caches.
/// Safe for all threads.
/// </summary>
internal sealed class TimeSheet(Histogram<double> duration, Histogram<double> firstByte)
{
    /// <summary>To hand over so many takes some ten microseconds, which streams on the same loop do not feel.</summary>
    public const int Lines = 64;

    private readonly Lock _gate = new();
    private Line[] _lines = new Line[Lines];
    private Line[]? _spare;
    private int _count;

    /// <param name="first">To the first byte; null: there was none.</param>
    public void Add(EndingTally tally, TimeSpan whole, TimeSpan? first)
    {
        Line[] full;
        lock (_gate)
        {
            _lines[_count++] = new(tally, whole, first ?? Timeout.InfiniteTimeSpan);
            if (_count < Lines)
            {
                return;
            }

            full = Take(out _);
        }

        Record(full, Lines);
    }

    /// <summary>Whoever reads the histograms asks for what is still here.</summary>
    public void HandOver()
    {
        Line[] lines;
        int count;
        lock (_gate)
        {
            lines = Take(out count);
        }

        Record(lines, count);
    }

    private Line[] Take(out int count)
    {
        var taken = _lines;
        (count, _count) = (_count, 0);
        _lines = Interlocked.Exchange(ref _spare, null) ?? new Line[Lines];
        return taken;
    }

    private void Record(Line[] lines, int count)
    {
        foreach (ref readonly var line in lines.AsSpan(0, count))
        {
            duration.Record(line.Whole.TotalSeconds, line.Tally.Labels);
            if (line.First >= TimeSpan.Zero)
            {
                firstByte.Record(line.First.TotalSeconds, line.Tally.Labels);
            }
        }

        Volatile.Write(ref _spare, lines);
    }

    private readonly record struct Line(EndingTally Tally, TimeSpan Whole, TimeSpan First);
}
