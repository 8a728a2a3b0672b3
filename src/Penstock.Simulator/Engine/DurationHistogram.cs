namespace Penstock.Simulator.Engine;

/// <summary>How often something took how long, in the buckets that engines' metrics have.</summary>
internal sealed class DurationHistogram
{
    private readonly long[] _counts = new long[Bounds.Length + 1];
    private long _units;

    /// <summary>Upper ends in seconds, those that vLLM has for the time to the first token.</summary>
    public static double[] Bounds { get; } =
    [0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560];

    public long Count => CountUpTo(Bounds.Length);

    public double SumSeconds => (double)Volatile.Read(ref _units) / TimeSpan.TicksPerSecond;

    public void Record(long units)
    {
        var seconds = (double)units / TimeSpan.TicksPerSecond;
        var bucket = 0;
        while (bucket < Bounds.Length && seconds > Bounds[bucket])
        {
            bucket++;
        }

        Interlocked.Increment(ref _counts[bucket]);
        Interlocked.Add(ref _units, units);
    }

    /// <summary>All up to this bucket, as Prometheus counts them; the last is that of everything.</summary>
    public long CountUpTo(int bucket)
    {
        long sum = 0;
        for (var i = 0; i <= bucket; i++)
        {
            sum += Volatile.Read(ref _counts[i]);
        }

        return sum;
    }

    public void Reset()
    {
        Array.Clear(_counts);
        Volatile.Write(ref _units, 0);
    }
}
