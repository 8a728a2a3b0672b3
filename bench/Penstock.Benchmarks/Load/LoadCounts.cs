namespace Penstock.Benchmarks.Load;

/// <summary>What one connection saw; added up when the run is over.</summary>
internal sealed class LoadCounts
{
    /// <summary>Microseconds from the request to its whole answer.</summary>
    public List<float> Latencies { get; } = [];

    /// <summary>Microseconds from the request to the first event.</summary>
    public List<float> FirstEvents { get; } = [];

    /// <summary>Microseconds between two reads that brought events.</summary>
    public List<float> Gaps { get; } = [];

    public long Events { get; set; }

    /// <summary>Answers that were no 200, or not whole.</summary>
    public long Failures { get; set; }

    /// <summary>How much there is at this moment.</summary>
    public (int Latencies, int FirstEvents, int Gaps, long Events, long Failures) Mark() =>
        (Latencies.Count, FirstEvents.Count, Gaps.Count, Events, Failures);

    /// <summary>What was added after a mark.</summary>
    public LoadCounts Since((int Latencies, int FirstEvents, int Gaps, long Events, long Failures) mark)
    {
        var since = new LoadCounts { Events = Events - mark.Events, Failures = Failures - mark.Failures };
        since.Latencies.AddRange(Latencies[mark.Latencies..]);
        since.FirstEvents.AddRange(FirstEvents[mark.FirstEvents..]);
        since.Gaps.AddRange(Gaps[mark.Gaps..]);
        return since;
    }

    public static LoadCounts Sum(IEnumerable<LoadCounts> all)
    {
        var sum = new LoadCounts();
        foreach (var one in all)
        {
            sum.Latencies.AddRange(one.Latencies);
            sum.FirstEvents.AddRange(one.FirstEvents);
            sum.Gaps.AddRange(one.Gaps);
            sum.Events += one.Events;
            sum.Failures += one.Failures;
        }
        sum.Latencies.Sort();
        sum.FirstEvents.Sort();
        sum.Gaps.Sort();
        return sum;
    }

    public static double Percentile(List<float> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Count - 1, share * sorted.Count)];
}
