using Penstock.Primitives;
using Penstock.Routing.Explaining;
using Penstock.Routing.Policies;

namespace Penstock.Routing;

/// <summary>
/// The replicas of a deployment as somebody must choose among them now: how each stands, and the policy's word on those
/// that stand best. Not thread-safe: the line's lock is held.
/// </summary>
internal sealed class DeploymentPool(IReadOnlyList<Replica> replicas, DeploymentLimits limits, IReplicaPolicy policy)
{
    /// <summary>
    /// A replica that has just come back begins with a tenth of its share and has all of it after half a minute: its
    /// cache is empty and its first answers compile.
    /// </summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    private const double ColdShare = 0.1;

    /// <summary>
    /// Share of an attention cache beyond which the engine is short of it: what it has under way grows into the rest, and
    /// then it throws requests out to begin them again.
    /// </summary>
    private const double ScarceCache = 0.9;

    private readonly Replica[] _replicas = [.. replicas];
    private readonly Standing[] _standings = new Standing[replicas.Count];
    private readonly Candidate[] _candidates = new Candidate[replicas.Count];

    public IReadOnlyList<Replica> Replicas => _replicas;

    /// <summary>How many stand in each way, as of the last look.</summary>
    public ReadOnlySpan<Standing> Standings => _standings;

    /// <summary>Takes a slot on the replica that is best now, if one is open.</summary>
    public Replica? Take(in Claim claim, in Attempted attempted, TimeProvider time, RouteTrace? trace)
    {
        var now = time.GetTimestamp();
        var best = Look(attempted, now);
        if (!best.IsOpen())
        {
            trace?.Saw(_replicas, _standings, now);
            return null;
        }

        var count = 0;
        for (var i = 0; i < _replicas.Length; i++)
        {
            if (_standings[i] == best)
            {
                var open = _replicas[i];
                ref var candidate = ref _candidates[count++];
                (candidate.Replica, candidate.Score, candidate.Home) = (open, 0, 0);
                candidate.Weight = open.Address.Weight * Warmth(open, now, time);
                candidate.Load = open.InFlight;
            }
        }

        var candidates = _candidates.AsSpan(0, count);
        var chosen = 0;
        if (count > 1)
        {
            AddForeignWork(candidates);
            AddScarcity(candidates);
            chosen = policy.Choose(candidates, claim);
        }

        var replica = candidates[chosen].Replica;
        trace?.Chose(_replicas, _standings, candidates, best, replica, now);
        replica.Enter();
        return replica;
    }

    /// <summary>Whether somebody who has been to those replicas could have a slot now.</summary>
    public bool HasRoomFor(in Attempted attempted, long now) => Look(attempted, now).IsOpen();

    /// <summary>How each stands towards a request; the best of them.</summary>
    public Standing Look(in Attempted attempted, long now)
    {
        var best = Standing.Drained;
        for (var i = 0; i < _replicas.Length; i++)
        {
            var replica = _replicas[i];
            var capacity = ReplicaStandings.CapacityOf(replica, limits);
            var standing = ReplicaStandings.Of(replica, capacity, attempted, now);
            _standings[i] = standing;
            best = standing < best ? standing : best;
        }
        return best;
    }

    private static double Warmth(Replica replica, long now, TimeProvider time)
    {
        var since = replica.WarmSince;
        if (since == 0)
        {
            return 1;
        }

        var warm = (double)(now - since) / time.Ticks(WarmUp);
        return warm >= 1 ? 1 : Math.Max(ColdShare, warm);
    }

    /// <summary>Where the cache is nearly full, work weighs double, and some is there in any case.</summary>
    private static void AddScarcity(Span<Candidate> candidates)
    {
        foreach (ref var candidate in candidates)
        {
            if (candidate.Replica.Load.KvUsage >= ScarceCache)
            {
                candidate.Load = (2 * candidate.Load) + 1;
            }
        }
    }

    /// <summary>An engine that does not tell its load is taken for as busy as those that do: unknown is not idle.</summary>
    private static void AddForeignWork(Span<Candidate> candidates)
    {
        var (sum, known) = (0.0, 0);
        foreach (ref readonly var candidate in candidates)
        {
            if (candidate.Replica.ForeignWork is { } work)
            {
                sum += work;
                known++;
            }
        }

        if (known == 0)
        {
            return;
        }

        foreach (ref var candidate in candidates)
        {
            candidate.Load += candidate.Replica.ForeignWork ?? sum / known;
        }
    }
}
