namespace Penstock.Tests.Limits;

/// <summary>
/// A clock whose timestamps run at any frequency and apart from its wall clock, so that code which takes one for the
/// other is caught. Timers fire when told to.
/// </summary>
internal sealed class TickClock(long frequency) : TimeProvider
{
    private readonly List<Action> _timers = [];
    private long _timestamp = 987_654_321;

    public override long TimestampFrequency => frequency;

    public DateTimeOffset Wall { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public override long GetTimestamp() => Volatile.Read(ref _timestamp);

    public override DateTimeOffset GetUtcNow() => Wall;

    public void AdvanceTicks(long ticks) => Interlocked.Add(ref _timestamp, ticks);

    public void AdvanceSeconds(long seconds) => AdvanceTicks(seconds * frequency);

    public void FireTimers() => _timers.ForEach(fire => fire());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        _timers.Add(() => callback(state));
        return new Handle();
    }

    private sealed class Handle : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() { }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
