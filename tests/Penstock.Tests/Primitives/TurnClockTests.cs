using Penstock.Primitives;

namespace Penstock.Tests.Primitives;

public sealed class TurnClockTests
{
    private readonly TurnClock _clock = new();

    [Fact]
    public void Where_nobody_works_in_turns_it_is_the_systems()
    {
        var before = TimeProvider.System.GetTimestamp();
        var time = _clock.GetTimestamp();
        Later(time);
        Assert.InRange(time, before, TimeProvider.System.GetTimestamp());
        Assert.True(_clock.GetTimestamp() > time);
        Assert.InRange(_clock.GetUtcNow() - TimeProvider.System.GetUtcNow(), -Hour, Hour);
        Assert.Equal(TimeProvider.System.TimestampFrequency, _clock.TimestampFrequency);
    }

    [Fact]
    public void A_turn_has_one_time_and_the_next_a_later_one() =>
        InTurns(turn =>
        {
            var before = TimeProvider.System.GetTimestamp();
            turn.Next();
            var (time, now) = (_clock.GetTimestamp(), _clock.GetUtcNow());
            Assert.InRange(time, before, TimeProvider.System.GetTimestamp());
            Assert.InRange(now - TimeProvider.System.GetUtcNow(), -Hour, Hour);
            Later(time);
            Assert.Equal((time, now), (_clock.GetTimestamp(), _clock.GetUtcNow()));

            turn.Next();
            Assert.True(_clock.GetTimestamp() > time);
        });

    [Fact]
    public void It_is_read_when_somebody_asks_not_when_the_turn_begins() =>
        InTurns(turn =>
        {
            turn.Next();
            var begun = TimeProvider.System.GetTimestamp();
            Later(begun);
            Assert.True(_clock.GetTimestamp() > begun);
        });

    [Fact]
    public void Turns_are_their_threads_own() =>
        InTurns(turn =>
        {
            turn.Next();
            var time = _clock.GetTimestamp();
            Later(time);
            var elsewhere = 0L;
            var other = new Thread(() => elsewhere = _clock.GetTimestamp());
            other.Start();
            other.Join();
            Assert.True(elsewhere > time);
            Assert.Equal(time, _clock.GetTimestamp());
        });

    private static TimeSpan Hour => TimeSpan.FromHours(1);

    private static void Later(long time) =>
        Assert.True(SpinWait.SpinUntil(() => TimeProvider.System.GetTimestamp() > time, Timeout.Infinite));

    /// <summary>On a thread of its own, which ends with it.</summary>
    private static void InTurns(Action<TurnClock.Turn> act)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(() => act(TurnClock.BeginTurns())));
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }
}
