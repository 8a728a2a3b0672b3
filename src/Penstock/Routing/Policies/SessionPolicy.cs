using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>
/// All requests of a session go to one replica, however busy it is, until it may take no more. A request that names no
/// session goes where there is least to do.
/// </summary>
internal sealed class SessionPolicy(BalancedPolicy balanced) : IReplicaPolicy
{
    public int Choose(Span<Candidate> candidates, in Claim claim)
    {
        if (claim.Session == 0)
        {
            return balanced.Choose(candidates, claim);
        }

        var key = StableHash.Mix(StableHash.Of(claim.Workspace), claim.Session);
        var best = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            // By the operator's weight alone: a replica that warms up must not hand its sessions back and forth.
            ref var candidate = ref candidates[i];
            candidate.Score = Rendezvous.Draw(key, candidate.Replica.Identity, candidate.Replica.Address.Weight);
            best = candidate.Score > candidates[best].Score ? i : best;
        }
        return best;
    }
}
