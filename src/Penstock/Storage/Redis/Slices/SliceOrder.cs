namespace Penstock.Storage.Redis.Slices;

/// <summary>One message of a node about a slice, and whether it is still under way.</summary>
/// <param name="SentAt">Timestamp: before the server can have heard of it.</param>
internal abstract record SliceOrder(long SentAt)
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It was answered, or is given up.</summary>
    public Task Done => _done.Task;

    public void Finish() => _done.TrySetResult();
}
