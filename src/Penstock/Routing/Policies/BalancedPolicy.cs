using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>
/// The less loaded of two drawn by weight: nearly as even as looking at all, and gateways that see the same numbers do
/// not all run to the same replica.
/// </summary>
internal sealed class BalancedPolicy(Chance chance) : IReplicaPolicy
{
    public int Choose(Span<Candidate> candidates, in Claim claim)
    {
        var total = 0.0;
        foreach (ref var candidate in candidates)
        {
            candidate.Score = -candidate.RelativeLoad;
            total += candidate.Weight;
        }

        var first = Draw(candidates, total, except: -1);
        var second = Draw(candidates, total - candidates[first].Weight, except: first);
        return candidates[second].RelativeLoad < candidates[first].RelativeLoad ? second : first;
    }

    private int Draw(Span<Candidate> candidates, double total, int except)
    {
        var drawn = chance.NextDouble() * total;
        var last = 0;
        for (var i = 0; i < candidates.Length; i++)
        {
            if (i == except)
            {
                continue;
            }

            last = i;
            drawn -= candidates[i].Weight;
            if (drawn < 0)
            {
                break;
            }
        }
        return last;
    }
}
