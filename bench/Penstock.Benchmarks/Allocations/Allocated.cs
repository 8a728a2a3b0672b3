namespace Penstock.Benchmarks.Allocations;

/// <summary>Bytes that work allocates once it is warm.</summary>
internal static class Allocated
{
    /// <summary>
    /// Code that is not compiled for good yet may allocate where the last version does not, and the compiler takes its
    /// time on a busy machine.
    /// </summary>
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    private const int Calls = 1_000;

    /// <summary>By one call, on this thread: the least of many rounds.</summary>
    public static double By(Action action)
    {
        var least = double.MaxValue;
        var begin = TimeProvider.System.GetTimestamp();
        do
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Repeat(Calls, action);
            least = Math.Min(least, (GC.GetAllocatedBytesForCurrentThread() - before) / (double)Calls);
        } while (least > 0 && TimeProvider.System.GetElapsedTime(begin) < LongestWarmUp);
        return least;
    }

    /// <summary>
    /// By <paramref name="count"/> rounds of <paramref name="action"/> on all threads: the least of several
    /// measurements, since what else the process does now and then only adds.
    /// </summary>
    public static double ByAllThreads(int count, Action action)
    {
        const int measurements = 5;
        Repeat(count, action);
        var least = double.MaxValue;
        for (var measurement = 0; measurement < measurements; measurement++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Repeat(count, action);
            least = Math.Min(least, (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count);
        }
        return least;
    }

    private static void Repeat(int times, Action action)
    {
        for (var time = 0; time < times; time++)
        {
            action();
        }
    }
}
