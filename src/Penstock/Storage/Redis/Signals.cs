namespace Penstock.Storage.Redis;

/// <summary>Waits for whatever comes first, and leaves no timer behind.</summary>
internal static class Signals
{
    public static async Task AnyAsync(Task one, Task other, TimeSpan most, TimeProvider time, CancellationToken stop)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(one, other, Task.Delay(most, time, over.Token));
        await over.CancelAsync();
    }
}
