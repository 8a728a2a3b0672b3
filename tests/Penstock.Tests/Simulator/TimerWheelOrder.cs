using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator.Pacing;

namespace Penstock.Tests.Simulator;

/// <summary>The one timer under all waits.</summary>
public sealed class TimerWheelOrder
{
    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(4096)]
    [InlineData(5000)]
    [InlineData(100_000)]
    public void A_wait_ends_when_its_time_has_come_and_not_before(int milliseconds)
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var wait = new WheelWait(wheel).UntilAsync(TimeSpan.FromMilliseconds(milliseconds).Ticks);
        time.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.False(wait.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.True(wait.IsCompletedSuccessfully);
    }

    [Fact]
    public void Many_waits_end_each_in_its_turn()
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var waits = Enumerable
            .Range(1, 500)
            .Select(i => new WheelWait(wheel).UntilAsync(TimeSpan.FromMilliseconds(i * 17).Ticks))
            .ToArray();
        for (var i = 0; i < waits.Length; i++)
        {
            Assert.False(waits[i].IsCompleted);
            time.Advance(TimeSpan.FromMilliseconds(17));
            Assert.True(waits[i].IsCompleted);
        }
    }

    [Fact]
    public async Task A_cancelled_wait_ends_at_once_and_so_does_every_later_one()
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var item = new WheelWait(wheel);
        var wait = item.UntilAsync(TimeSpan.FromHours(1).Ticks);
        item.Cancel();
        Assert.True(wait.IsCompleted);
        Assert.False(await wait);
        Assert.False(await item.UntilAsync(TimeSpan.FromHours(2).Ticks));
    }

    [Fact]
    public async Task One_item_serves_wait_after_wait()
    {
        var time = new FakeTimeProvider();
        using var wheel = new TimerWheel(time);
        var item = new WheelWait(wheel);
        for (var i = 1; i <= 10; i++)
        {
            var wait = item.UntilAsync(wheel.Now + TimeSpan.TicksPerSecond);
            time.Advance(TimeSpan.FromSeconds(1.1));
            Assert.True(await wait);
        }
    }
}
