namespace Penstock.Registry;

/// <summary>Where there is nobody to tell, or nothing to tell them by.</summary>
internal sealed class SilentChangeFeed : IChangeFeed
{
    public ValueTask AnnounceAsync(long revision, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Listen(Action<long> heard) { }
}
