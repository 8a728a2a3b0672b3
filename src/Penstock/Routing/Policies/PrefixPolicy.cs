using Penstock.Primitives;

namespace Penstock.Routing.Policies;

/// <summary>
/// Requests that begin alike go to the same replica, which has their beginning in its cache. Each beginning has a home
/// by rendezvous hashing; one that is too popular for a single home is spread over as many as its share of the traffic
/// fills, by its next longer beginning; and no replica gets more than <see cref="Bound"/> times its share of the work.
/// The hash decides, so gateways agree without a word; the memory is constant.
/// </summary>
internal sealed class PrefixPolicy : IReplicaPolicy
{
    /// <summary>The most work on one replica, as a multiple of the mean.</summary>
    public const double Bound = 1.25;

    /// <summary>
    /// A beginning gets a further home for each half of a replica's share it brings: the other half is for the
    /// beginnings that happen to live there too.
    /// </summary>
    private const double HomesPerShare = 2;

    /// <summary>Requests per replica before a beginning may count as popular: fewer say nothing.</summary>
    private const int LeastSeen = 32;

    private readonly PrefixPopularity _popularity = new();

    public int Choose(Span<Candidate> candidates, in Claim claim)
    {
        // The workspace is part of the hash: nobody can find out by timing what another has asked.
        var workspace = StableHash.Of(claim.Workspace);
        _popularity.Begin();
        var homes = Narrow(candidates, candidates.Length, StableHash.Mix(workspace, claim.Prompt.Opening), first: true);
        if (claim.Prompt.Context != claim.Prompt.Opening)
        {
            homes = Narrow(candidates, homes, StableHash.Mix(workspace, claim.Prompt.Context), first: false);
        }

        if (claim.Prompt.Thread != claim.Prompt.Context)
        {
            homes = Narrow(candidates, homes, StableHash.Mix(workspace, claim.Prompt.Thread), first: false);
        }

        var chosen = Settle(candidates, homes);
        candidates[chosen].Replica.RecentWork++;
        return chosen;
    }

    /// <summary>Ranks the homes so far by a longer beginning, and keeps as many as its popularity fills.</summary>
    private int Narrow(Span<Candidate> candidates, int homes, ulong beginning, bool first)
    {
        var share = _popularity.Count(beginning, LeastSeen * candidates.Length);
        if (homes == 1)
        {
            return 1;
        }

        foreach (ref var candidate in candidates[..homes])
        {
            var weight = candidate.Replica.Address.Weight;
            candidate.Score = Rendezvous.Draw(beginning, candidate.Replica.Identity, weight);
            if (first)
            {
                candidate.Home = candidate.Score;
            }
        }

        var kept = Math.Clamp((int)Math.Ceiling(share * candidates.Length * HomesPerShare), 1, homes);
        Rendezvous.BringForward(candidates[..homes], kept);
        return kept;
    }

    /// <summary>The least busy of the homes, if it has room; else the next home in the order of the hash.</summary>
    private int Settle(Span<Candidate> candidates, int homes)
    {
        var bound = LoadBound.Of(candidates);
        var best = -1;
        for (var i = 0; i < homes; i++)
        {
            if (
                bound.HasRoom(candidates[i]) && (best < 0 || candidates[i].RelativeLoad < candidates[best].RelativeLoad)
            )
            {
                best = i;
            }
        }

        return best >= 0 ? best : Overflow(candidates, bound);
    }

    private int Overflow(Span<Candidate> candidates, in LoadBound bound)
    {
        var (best, least) = (-1, 0);
        for (var i = 0; i < candidates.Length; i++)
        {
            if (bound.HasRoom(candidates[i]) && (best < 0 || candidates[i].Home > candidates[best].Home))
            {
                best = i;
            }

            least = candidates[i].RelativeLoad < candidates[least].RelativeLoad ? i : least;
        }

        // Nobody has room while weights shift, as when a replica warms up: then the least busy.
        return best >= 0 ? best : least;
    }
}
