using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>The rule behind each policy's name.</summary>
internal static class ReplicaPolicies
{
    public static IReplicaPolicy Create(RoutingPolicy policy, Chance chance) =>
        policy switch
        {
            RoutingPolicy.Prefix => new PrefixPolicy(),
            RoutingPolicy.Balanced => new BalancedPolicy(chance),
            RoutingPolicy.Session => new SessionPolicy(new BalancedPolicy(chance)),
            RoutingPolicy.Weighted => new WeightedPolicy(chance),
            RoutingPolicy.RoundRobin => new RoundRobinPolicy(),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "A policy without a rule."),
        };
}
