using Penstock.Envelopes;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Policies;

namespace Penstock.Tests.Routing.Policies;

/// <summary>Replicas to choose among, with loads that a test sets.</summary>
internal sealed class Fleet(int count)
{
    public List<Replica> Replicas { get; } = [.. Enumerable.Range(1, count).Select(number => Line.MakeReplica(number))];

    public Dictionary<Replica, double> Loads { get; } = [];

    public Replica Choose(IReplicaPolicy policy, Claim claim)
    {
        var candidates = Replicas
            .Select(replica => new Candidate
            {
                Replica = replica,
                Weight = replica.Address.Weight,
                Load = Loads.GetValueOrDefault(replica),
            })
            .ToArray();
        return candidates[policy.Choose(candidates, claim)].Replica;
    }

    /// <summary>The claim of a conversation of an application: alike in the opening, its own in the thread.</summary>
    public static Claim Chat(int application, int conversation = 0, int workspace = 1) =>
        new()
        {
            Workspace = Line.Workspace(workspace),
            Prompt = new PromptBlocks(
                StableHash.Mix(1, (ulong)application),
                StableHash.Mix((ulong)application, (ulong)conversation),
                StableHash.Mix((ulong)application, (ulong)conversation)
            ),
        };
}
