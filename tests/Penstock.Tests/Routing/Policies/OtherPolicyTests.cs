using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing.Policies;

public sealed class OtherPolicyTests
{
    [Fact]
    public void Balanced_evens_out_what_is_under_way()
    {
        var fleet = new Fleet(8);
        var policy = new BalancedPolicy(new Chance(1));
        for (var request = 0; request < 4_000; request++)
        {
            var replica = fleet.Choose(policy, default);
            fleet.Loads[replica] = fleet.Loads.GetValueOrDefault(replica) + 1;
        }

        Assert.True(fleet.Loads.Values.Max() - fleet.Loads.Values.Min() <= 8);
    }

    [Fact]
    public void Balanced_gives_a_replica_of_twice_the_weight_twice_the_work()
    {
        var fleet = new Fleet(3);
        fleet.Replicas[1].Use(fleet.Replicas[1].Address with { Weight = 2 });
        var policy = new BalancedPolicy(new Chance(1));
        for (var request = 0; request < 4_000; request++)
        {
            var replica = fleet.Choose(policy, default);
            fleet.Loads[replica] = fleet.Loads.GetValueOrDefault(replica) + 1;
        }

        Assert.InRange(fleet.Loads[fleet.Replicas[1]], 1_900, 2_100);
    }

    [Fact]
    public void Balanced_sends_an_idle_fleet_its_requests_evenly()
    {
        var fleet = new Fleet(4);
        var policy = new BalancedPolicy(new Chance(1));

        var chosen = Enumerable.Range(0, 4_000).Select(_ => fleet.Choose(policy, default)).CountBy(replica => replica);

        Assert.All(chosen, count => Assert.InRange(count.Value, 850, 1_150));
    }

    [Fact]
    public void Weighted_keeps_exact_shares_whatever_the_load()
    {
        var fleet = new Fleet(2);
        fleet.Replicas[0].Use(fleet.Replicas[0].Address with { Weight = 9 });
        fleet.Loads[fleet.Replicas[0]] = 1_000;
        var policy = new WeightedPolicy(new Chance(1));

        var first = Enumerable.Range(0, 10_000).Count(_ => fleet.Choose(policy, default) == fleet.Replicas[0]);

        Assert.InRange(first, 8_850, 9_150);
    }

    [Fact]
    public void Round_robin_takes_one_after_the_other()
    {
        var fleet = new Fleet(3);
        var policy = new RoundRobinPolicy();

        var chosen = Enumerable.Range(0, 6).Select(_ => fleet.Choose(policy, default));

        Assert.Equal([.. fleet.Replicas, .. fleet.Replicas], chosen);
    }

    [Fact]
    public void A_session_stays_where_it_is_however_busy_that_is()
    {
        var fleet = new Fleet(4);
        var policy = new SessionPolicy(new BalancedPolicy(new Chance(1)));
        var claim = new Claim { Workspace = Line.Workspace(1), Session = 42 };
        var home = fleet.Choose(policy, claim);
        fleet.Loads[home] = 1_000;

        Assert.Same(home, fleet.Choose(policy, claim));
        Assert.NotSame(home, fleet.Choose(policy, claim with { Session = 0 }));
    }

    [Fact]
    public void Sessions_of_one_name_in_two_workspaces_have_nothing_to_do_with_each_other()
    {
        var fleet = new Fleet(8);
        var policy = new SessionPolicy(new BalancedPolicy(new Chance(1)));

        var homes = Enumerable
            .Range(1, 30)
            .Select(workspace =>
                fleet.Choose(policy, new Claim { Workspace = Line.Workspace(workspace), Session = 42 })
            )
            .Distinct();

        Assert.InRange(homes.Count(), 4, 8);
    }
}
