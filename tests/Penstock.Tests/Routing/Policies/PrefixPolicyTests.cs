using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing.Policies;

public sealed class PrefixPolicyTests
{
    [Fact]
    public void Requests_that_begin_alike_go_to_the_same_replica()
    {
        var fleet = new Fleet(8);
        var policy = new PrefixPolicy();
        var together = Enumerable
            .Range(0, 50)
            .Count(application =>
                Enumerable
                    .Range(0, 3)
                    .Select(turn => fleet.Choose(policy, Fleet.Chat(application, turn)))
                    .Distinct()
                    .Count() == 1
            );

        // The bound on the load may part a few.
        Assert.InRange(together, 40, 50);
    }

    [Fact]
    public void The_same_beginning_of_two_workspaces_has_two_homes()
    {
        var fleet = new Fleet(8);
        var policy = new PrefixPolicy();

        var homes = Enumerable
            .Range(1, 20)
            .Select(workspace => fleet.Choose(policy, Fleet.Chat(1, 1, workspace)))
            .Distinct();

        Assert.InRange(homes.Count(), 4, 8);
    }

    [Fact]
    public void When_one_of_eight_replicas_goes_only_its_own_eighth_of_the_beginnings_moves()
    {
        const int Beginnings = 4_000;
        var fleet = new Fleet(8);
        var before = Homes(fleet, Beginnings);
        var gone = fleet.Replicas[3];
        fleet.Replicas.Remove(gone);

        var after = Homes(fleet, Beginnings);

        var moved = Enumerable.Range(0, Beginnings).Where(i => before[i] != after[i]).ToList();
        Assert.All(moved, i => Assert.Same(gone, before[i]));
        // An eighth, give or take the chance of the hash: three deviations of 4,000 draws.
        Assert.InRange((double)moved.Count / Beginnings, 0.109, 0.141);
    }

    [Fact]
    public void When_a_ninth_replica_comes_beginnings_move_to_it_and_nowhere_else()
    {
        const int Beginnings = 4_000;
        var fleet = new Fleet(8);
        var before = Homes(fleet, Beginnings);
        var added = Line.MakeReplica(9);
        fleet.Replicas.Add(added);

        var after = Homes(fleet, Beginnings);

        var moved = Enumerable.Range(0, Beginnings).Where(i => before[i] != after[i]).ToList();
        Assert.All(moved, i => Assert.Same(added, after[i]));
        Assert.InRange((double)moved.Count / Beginnings, 0.08, 0.125);
    }

    [Fact]
    public void A_replica_of_twice_the_weight_is_home_to_twice_the_beginnings()
    {
        var fleet = new Fleet(3);
        fleet.Replicas[0].Use(fleet.Replicas[0].Address with { Weight = 2 });

        var homes = Homes(fleet, 4_000);

        Assert.InRange(homes.Count(home => home == fleet.Replicas[0]) / 4_000.0, 0.47, 0.53);
    }

    [Fact]
    public void Two_gateways_agree_without_a_word()
    {
        var (one, other) = (new Fleet(8), new Fleet(8));
        var (here, there) = (new PrefixPolicy(), new PrefixPolicy());
        var chance = new Chance(7);
        var agreed = 0;
        for (var request = 0; request < 8_000; request++)
        {
            // Half of the traffic through each: the same mix, never the same request.
            var claim = Popular(chance, request);
            var (mine, theirs) =
                request % 2 == 0
                    ? (one.Choose(here, claim).Identity, Home(other, there, claim))
                    : (other.Choose(there, claim).Identity, Home(one, here, claim));
            agreed += request >= 4_000 && mine == theirs ? 1 : 0;
        }

        Assert.InRange(agreed / 4_000.0, 0.8, 1);
    }

    [Fact]
    public void No_replica_gets_more_than_its_share_and_a_quarter_of_a_traffic_of_few_beginnings()
    {
        var fleet = new Fleet(8);
        var policy = new PrefixPolicy();
        var chance = new Chance(3);
        var served = new Dictionary<Replica, int>();
        for (var request = 0; request < 20_000; request++)
        {
            var replica = fleet.Choose(policy, Popular(chance, request));
            served[replica] = served.GetValueOrDefault(replica) + 1;
        }

        Assert.True(served.Values.Max() <= PrefixPolicy.Bound * 20_000 / 8, string.Join(", ", served.Values.Order()));
    }

    [Fact]
    public void A_beginning_that_is_all_of_the_traffic_is_spread_and_its_conversations_stay_where_they_are()
    {
        var fleet = new Fleet(8);
        var policy = new PrefixPolicy();
        var homes = new Dictionary<int, List<Replica>>();
        for (var request = 0; request < 16_000; request++)
        {
            var conversation = request % 500;
            var replica = fleet.Choose(policy, Fleet.Chat(1, conversation));
            if (request >= 8_000)
            {
                homes.TryAdd(conversation, []);
                homes[conversation].Add(replica);
            }
        }

        Assert.Equal(8, homes.Values.SelectMany(home => home).Distinct().Count());
        var atHome = homes.Values.Average(home =>
            (double)home.GroupBy(r => r).Max(group => group.Count()) / home.Count
        );
        Assert.InRange(atHome, 0.85, 1);
    }

    [Fact]
    public void A_busy_home_is_left_for_the_next_one_and_always_the_same()
    {
        var fleet = new Fleet(8);
        var policy = new PrefixPolicy();
        var home = fleet.Choose(policy, Fleet.Chat(1));
        fleet.Loads[home] = 50;

        var others = Enumerable.Range(0, 10).Select(_ => fleet.Choose(policy, Fleet.Chat(1))).Distinct().ToList();

        Assert.NotSame(home, Assert.Single(others));
    }

    [Fact]
    public void Finite_caches_are_hit_nearly_as_often_as_with_a_router_that_knows_all()
    {
        var chance = new Chance(11);
        var requests = Enumerable.Range(0, 30_000).Select(request => Popular(chance, request)).ToList();
        var fleet = new Fleet(8);
        PrefixPolicy[] gateways = [new(), new()];
        var caches = fleet.Replicas.ToDictionary(replica => replica, _ => new LittleCache(300));
        var hits = 0;
        for (var request = 0; request < requests.Count; request++)
        {
            var replica = fleet.Choose(gateways[request % 2], requests[request]);
            hits += caches[replica].Touch(requests[request].Prompt.Thread) ? 1 : 0;
        }

        // One that knows all loses nothing to the walls between the caches.
        var whole = new LittleCache(8 * 300);
        var best = requests.Count(request => whole.Touch(request.Prompt.Thread));

        Assert.True(hits >= 0.9 * best, $"{hits} of {best}");
    }

    private static ulong Home(Fleet fleet, PrefixPolicy policy, Claim claim) => fleet.Choose(policy, claim).Identity;

    private static List<Replica> Homes(Fleet fleet, int beginnings)
    {
        var policy = new PrefixPolicy();
        foreach (var replica in fleet.Replicas)
        {
            replica.RecentWork = 0;
        }

        return [.. Enumerable.Range(0, beginnings).Select(i => Unbounded(fleet, policy, Fleet.Chat(i)))];
    }

    /// <summary>Without the memory of what was given out: the hash alone.</summary>
    private static Replica Unbounded(Fleet fleet, PrefixPolicy policy, Claim claim)
    {
        var replica = fleet.Choose(policy, claim);
        replica.RecentWork = 0;
        return replica;
    }

    /// <summary>Applications by Zipf's law, each with forty conversations.</summary>
    private static Claim Popular(Chance chance, int request)
    {
        var application = (int)Math.Pow(64, chance.NextDouble());
        return Fleet.Chat(application, (request * 7) % 40);
    }

    private sealed class LittleCache(int capacity)
    {
        private readonly Dictionary<ulong, LinkedListNode<ulong>> _places = [];
        private readonly LinkedList<ulong> _order = [];

        public bool Touch(ulong key)
        {
            var hit = _places.Remove(key, out var node);
            if (node is not null)
            {
                _order.Remove(node);
            }

            _places[key] = _order.AddLast(key);
            if (_places.Count > capacity)
            {
                _places.Remove(_order.First!.Value);
                _order.RemoveFirst();
            }

            return hit;
        }
    }
}
