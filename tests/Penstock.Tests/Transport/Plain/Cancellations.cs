namespace Penstock.Tests.Transport.Plain;

/// <summary>A cancellation as something to wait for.</summary>
internal static class Cancellations
{
    public static async Task WhenCancelledAsync(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.Register(cancelled.SetResult);
        await cancelled.Task.WaitAsync(TestContext.Current.CancellationToken);
    }
}
