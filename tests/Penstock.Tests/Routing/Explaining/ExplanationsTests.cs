using Microsoft.Extensions.Time.Testing;
using Penstock.Routing;
using Penstock.Routing.Explaining;
using Penstock.Routing.Policies;

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

    /// <summary>What the page on routing promises, with the list's growth and the id counted twice over.</summary>
    [Theory]
    [InlineData(2, 800)]
    [InlineData(4, 1_200)]
    public void A_way_among_few_replicas_takes_about_a_kilobyte(int replicas, int most)
    {
        var fleet = Enumerable.Range(1, replicas).Select(number => Line.MakeReplica(number)).ToArray();
        var standings = new Standing[replicas];
        var candidates = fleet.Select(replica => new Candidate { Replica = replica }).ToArray();
        var explanations = new Explanations(new RoutingOptions(), new FakeTimeProvider());
        var before = GC.GetAllocatedBytesForCurrentThread();

        var trace = explanations.Begin("id", started: 1);
        trace.Chose(fleet, standings, candidates, fleet[0]);
        trace.Attempt(fleet[0]);
        trace.Answering(fleet[0], 200);
        trace.AttemptEnded(fleet[0], "completed", 0);

        // The list's first array is garbage once it has grown.
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.InRange(allocated, 300, most + 600);
        TestContext.Current.TestOutputHelper!.WriteLine($"{allocated} B with {replicas} replicas");
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
