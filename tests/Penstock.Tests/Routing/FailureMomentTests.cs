using Penstock.Routing;

namespace Penstock.Tests.Routing;

public sealed class FailureMomentTests
{
    private const long Second = 1_000;
    private readonly FailureMoment _moment = new();

    [Fact]
    public void What_was_under_way_when_a_replica_died_tells_of_one_death()
    {
        Assert.True(_moment.IsAnother(began: 100, now: 5_000, Second));

        Assert.False(_moment.IsAnother(began: 200, now: 5_001, Second));
        Assert.False(_moment.IsAnother(began: 4_999, now: 6_000, Second));
    }

    [Fact]
    public void Whoever_begins_after_it_and_fails_has_found_out_more()
    {
        _moment.IsAnother(began: 100, now: 5_000, Second);

        Assert.True(_moment.IsAnother(began: 5_000, now: 5_001, Second));
    }

    [Fact]
    public void A_replica_that_fails_slowly_is_not_forgiven_because_others_were_under_way()
    {
        _moment.IsAnother(began: 100, now: 5_000, Second);

        Assert.True(_moment.IsAnother(began: 200, now: 6_001, Second));
    }

    [Fact]
    public void Of_a_thousand_streams_that_are_cut_on_many_threads_one_counts()
    {
        var counted = 0;
        Parallel.For(
            0,
            1_000,
            stream =>
            {
                if (_moment.IsAnother(began: stream, now: 5_000 + (stream % 7), Second))
                {
                    Interlocked.Increment(ref counted);
                }
            }
        );

        Assert.Equal(1, counted);
    }
}
