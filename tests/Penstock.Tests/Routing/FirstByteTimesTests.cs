using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed class FirstByteTimesTests
{
    private readonly FirstByteTimes _times = new();

    [Fact]
    public void Of_few_times_nothing_is_said()
    {
        Add(Enumerable.Range(1, 99));

        Assert.Null(_times.Late(least: 100));
        Assert.NotNull(_times.Late(least: 50));
    }

    [Fact]
    public void Late_is_what_nineteen_in_twenty_stay_below()
    {
        Add(Enumerable.Range(0, 400).Select(i => (i * 7919) % 400));

        Assert.Equal(380, _times.Late(least: 100)!.Value.TotalMilliseconds);
    }

    [Fact]
    public void What_was_long_ago_is_forgotten()
    {
        Add(Enumerable.Repeat(9_000, 600));
        Add(Enumerable.Repeat(5, 512));

        Assert.Equal(5, _times.Late(least: 100)!.Value.TotalMilliseconds);
    }

    [Fact]
    public void One_slow_answer_in_a_hundred_does_not_move_the_mark()
    {
        Add(Enumerable.Range(0, 512).Select(i => i % 100 == 0 ? 60_000 : 20));

        Assert.Equal(20, _times.Late(least: 100)!.Value.TotalMilliseconds);
    }

    private void Add(IEnumerable<int> milliseconds)
    {
        foreach (var time in milliseconds)
        {
            _times.Add(TimeSpan.FromMilliseconds(time));
        }
    }
}
