using System.Diagnostics;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// Bounded waiting on a condition of another process. The bounds are generous: they end a hang, they measure nothing.
/// </summary>
internal static class Until
{
    /// <summary>Long enough for a process to start on a busy two-core machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> condition, string what, Func<string>? detail = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, detail);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what, Func<string>? detail = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s for {what}. {detail?.Invoke()}");
            }

            await Pause();
        }
    }

    /// <summary>Awaits what ought to come soon, so that a hang fails one test and not the run.</summary>
    public static async Task<T> Soon<T>(this Task<T> task, string what)
    {
        try
        {
            return await task.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s for {what}.", late);
        }
    }

    public static async Task Soon(this Task task, string what)
    {
        try
        {
            await task.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException($"Waited {Patience.TotalSeconds:0} s for {what}.", late);
        }
    }

    /// <summary>The step of a polling loop, never a wait for something to have happened.</summary>
    public static Task Pause() => Task.Delay(Interval, TimeProvider.System, CancellationToken.None);
}
