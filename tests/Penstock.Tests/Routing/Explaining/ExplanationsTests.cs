using Microsoft.Extensions.Time.Testing;
using Penstock.Routing;
using Penstock.Routing.Explaining;

namespace Penstock.Tests.Routing.Explaining;

public sealed class ExplanationsTests
{
    private readonly Explanations _explanations = new(
        new RoutingOptions { ExplainedRequests = 3, ExplainedTroubles = 2 },
        new FakeTimeProvider()
    );

    [Fact]
    public void The_latest_are_kept_and_the_oldest_makes_room()
    {
        for (var i = 0; i < 5; i++)
        {
            End($"r{i}", troubled: false);
        }

        Assert.Equal(["r2", "r3", "r4"], Known("r0", "r1", "r2", "r3", "r4"));
    }

    [Fact]
    public void A_smooth_hour_does_not_push_out_what_went_wrong()
    {
        End("wrong", troubled: true);
        for (var i = 0; i < 100; i++)
        {
            End($"r{i}", troubled: false);
        }

        Assert.Equal(["wrong"], Known("wrong"));
    }

    [Fact]
    public void Memory_is_used_again_and_holds_nothing_of_the_request_before()
    {
        for (var i = 0; i < 10; i++)
        {
            var trace = _explanations.Begin($"r{i}", started: i);
            Assert.Empty(trace.Steps);
            Assert.False(trace.HasWaited);
            trace.Queued();
            _explanations.Keep(trace, troubled: false);
        }

        Assert.Equal(0, Allocations.Of(() => End("again", troubled: false)));
    }

    [Fact]
    public void A_way_without_end_is_cut_and_counted()
    {
        var trace = _explanations.Begin("r", started: 0);
        for (var i = 0; i < RouteTrace.MostSteps + 7; i++)
        {
            trace.Pause();
        }

        Assert.Equal((RouteTrace.MostSteps, 7), (trace.Steps.Count, trace.LeftOut));
    }

    private void End(string id, bool troubled)
    {
        var trace = _explanations.Begin(id, started: 0);
        trace.Pause();
        _explanations.Keep(trace, troubled);
    }

    private IEnumerable<string> Known(params string[] ids) =>
        ids.Select(id => _explanations.Read(id, trace => trace.RequestId)).OfType<string>();
}
