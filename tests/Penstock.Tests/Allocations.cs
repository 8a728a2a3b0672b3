namespace Penstock.Tests;

/// <summary>Counts the bytes that an action allocates on this thread once it is warm.</summary>
internal static class Allocations
{
    public static long Of(Action action)
    {
        for (var warmUp = 0; warmUp < 100; warmUp++)
        {
            action();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var call = 0; call < 1_000; call++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
