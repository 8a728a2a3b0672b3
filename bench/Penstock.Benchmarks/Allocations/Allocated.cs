namespace Penstock.Benchmarks.Allocations;

/// <summary>Bytes that work allocates once it is warm.</summary>
internal static class Allocated
{
    /// <summary>
    /// Code that is not compiled for good yet may allocate where the last version does not, and the compiler takes its
    /// time on a busy machine.
    /// </summary>
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(2);

    /// <summary>Whole requests on a machine that is busy with something else are compiled that late.</summary>
    private static readonly TimeSpan LongestMeasuring = TimeSpan.FromSeconds(20);

    private const int MostInVain = 4;

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
    /// By <paramref name="count"/> rounds of <paramref name="action"/> on all threads: the least of many measurements,
    /// since what else the process does now and then only adds. It ends when further ones bring nothing less.
    /// </summary>
    public static double ByAllThreads(int count, Action action)
    {
        var least = double.MaxValue;
        var inVain = 0;
        var begin = TimeProvider.System.GetTimestamp();
        for (var elapsed = TimeSpan.Zero; elapsed < LongestMeasuring; )
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            Repeat(count, action);
            var bytes = (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;
            inVain = bytes < least ? 0 : inVain + 1;
            least = Math.Min(least, bytes);
            elapsed = TimeProvider.System.GetElapsedTime(begin);
            if (elapsed > LongestWarmUp && inVain >= MostInVain)
            {
                break;
            }
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
