using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>Drawn by weight, whatever the load: for shares that are to be exact, as in a trial of a new version.</summary>
internal sealed class WeightedPolicy(Chance chance) : IReplicaPolicy
{
    public int Choose(Span<Candidate> candidates, in Claim claim)
    {
        var total = 0.0;
        foreach (ref var candidate in candidates)
        {
            candidate.Score = candidate.Replica.Address.Weight;
            total += candidate.Score;
        }

        var drawn = chance.NextDouble() * total;
        for (var i = 0; i < candidates.Length; i++)
        {
            drawn -= candidates[i].Score;
            if (drawn < 0)
            {
                return i;
            }
        }
        return candidates.Length - 1;
    }
}
