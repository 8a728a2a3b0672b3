namespace Penstock.Routing;

/// <summary>
/// Holds the slot of a call that was broken off for as long as the engine takes to notice: the next request would only
/// wait inside the engine. Ends by itself.
/// </summary>
internal sealed class SlotLag
{
    private readonly Replica _replica;
    private readonly Action<Replica> _vacate;
    private readonly ITimer _timer;

    public SlotLag(Replica replica, Action<Replica> vacate, TimeProvider time)
    {
        (_replica, _vacate) = (replica, vacate);
        replica.BeginLag();
        _timer = time.CreateTimer(
            static lag => ((SlotLag)lag!).End(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
        _timer.Change(replica.Engine.AbortLag, Timeout.InfiniteTimeSpan);
    }

    private void End()
    {
        _timer.Dispose();
        _replica.EndLag();
        _vacate(_replica);
    }
}
