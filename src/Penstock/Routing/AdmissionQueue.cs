using Penstock.Primitives;
using Penstock.Routing.Explaining;
using Penstock.Routing.Policies;

namespace Penstock.Routing;

/// <summary>
/// The slots of a deployment's replicas, and the bounded line of requests that wait for one, fair between workspaces.
/// It outlives changes of the deployment, so that nobody who waits is forgotten.
/// </summary>
internal sealed class AdmissionQueue : IDisposable
{
    /// <summary>An engine that wants to be left alone for longer is not waited for: a fallback may do better.</summary>
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly FairLine _line = new();
    private readonly DrainRate _rate;
    private readonly TimeProvider _time;
    private readonly Chance _chance;
    private readonly ITimer _alarm;
    private readonly Func<QueuePlace, bool> _canBeServed;
    private DeploymentPool _pool = new([], new DeploymentLimits(), new RoundRobinPolicy());
    private DeploymentLimits _limits = new();
    private RoutingPolicy? _policyName;
    private IReplicaPolicy _policy = new RoundRobinPolicy();

    public AdmissionQueue(TimeProvider time, Chance chance)
    {
        (_time, _chance, _rate) = (time, chance, new DrainRate(time.TimestampFrequency));
        _canBeServed = place => _pool.HasRoomFor(place.Attempted, _time.GetTimestamp());
        _alarm = time.CreateTimer(
            static queue => ((AdmissionQueue)queue!).Stir(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>Requests that wait for a slot.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _line.Count;
            }
        }
    }

    /// <summary>The deployment as it is from now on. Who waits goes on waiting, for the new replicas.</summary>
    public void Use(IReadOnlyList<Replica> replicas, DeploymentLimits limits, RoutingPolicy policy)
    {
        lock (_gate)
        {
            if (_policyName != policy)
            {
                (_policyName, _policy) = (policy, Create(policy));
            }

            _limits = limits;
            _pool = new DeploymentPool(replicas, limits, _policy);
        }

        foreach (var replica in replicas)
        {
            replica.Improved = Stir;
        }

        Stir();
    }

    /// <summary>A slot on the best replica, or a place in the line when all are busy, or neither and why.</summary>
    public Admission Enter(in Claim claim, in Attempted attempted, RouteTrace? trace)
    {
        QueuePlace place;
        lock (_gate)
        {
            if (_line.Count == 0 && Take(claim, attempted, trace) is { } slot)
            {
                return slot;
            }

            _pool.Look(attempted, _time.GetTimestamp());
            if (Hopeless() is { } refusal)
            {
                return refusal;
            }

            if (!MakeRoom(claim))
            {
                return new NoSlot(NoSlotReason.QueueFull, _rate.Estimate(_line.Count));
            }

            place = new QueuePlace(this, claim, attempted, trace);
            _line.Add(place);
            Serve();
        }
        return place;
    }

    /// <summary>How long a request may wait in this line, as its replicas are now.</summary>
    public TimeSpan LongestWait
    {
        get
        {
            lock (_gate)
            {
                _pool.Look(Attempted.Nothing, _time.GetTimestamp());
                return AreStarting() ? _limits.StartWait : _limits.QueueWait;
            }
        }
    }

    /// <summary>What somebody is told whose time in the line is over.</summary>
    public NoSlot TimeIsUp()
    {
        lock (_gate)
        {
            _pool.Look(Attempted.Nothing, _time.GetTimestamp());
            return AreStarting()
                ? Starts()
                : Hopeless() ?? new NoSlot(NoSlotReason.WaitedTooLong, _rate.Estimate(_line.Count));
        }
    }

    /// <summary>Whether a request would get a slot at once.</summary>
    public bool HasRoom()
    {
        lock (_gate)
        {
            return _line.Count == 0 && _pool.HasRoomFor(Attempted.Nothing, _time.GetTimestamp());
        }
    }

    /// <summary>Whether somebody may still be asked who has not been, now or once they have a free slot.</summary>
    public bool HasAnother(in Attempted attempted)
    {
        lock (_gate)
        {
            _pool.Look(attempted, _time.GetTimestamp());
            for (var i = 0; i < _pool.Replicas.Count; i++)
            {
                if (_pool.Standings[i] < Standing.BackingOff && !attempted.Contains(_pool.Replicas[i]))
                {
                    return true;
                }
            }
            return false;
        }
    }

    /// <summary>Something may have improved: whoever can be served is.</summary>
    public void Stir()
    {
        lock (_gate)
        {
            Serve();
        }
    }

    public void Dispose() => _alarm.Dispose();

    internal void Leave(ReplicaSlot slot, bool brokenOff)
    {
        var replica = slot.Replica;
        if (slot.IsProbe)
        {
            replica.Breaker.EndProbe();
        }

        if (brokenOff && replica.Engine.AbortLag > TimeSpan.Zero)
        {
            _ = new SlotLag(replica, Vacate, _time);
            return;
        }

        Vacate(replica);
    }

    internal void GiveUp(QueuePlace place)
    {
        lock (_gate)
        {
            if (place.Node is not null)
            {
                _line.Remove(place);
                return;
            }
        }

        // The slot came in the same moment.
        place.Slot?.Release(brokenOff: false);
    }

    private void Vacate(Replica replica)
    {
        lock (_gate)
        {
            replica.Leave();
            Serve();
        }
    }

    private ReplicaSlot? Take(in Claim claim, in Attempted attempted, RouteTrace? trace) =>
        _pool.Take(claim, attempted, _time, trace) is { } replica
            ? new ReplicaSlot(this, replica, replica.Breaker.Enter())
            : null;

    /// <summary>Gives what is free to those whose turn it is; sends everybody away when nothing will come free.</summary>
    private void Serve()
    {
        if (_line.Count == 0)
        {
            return;
        }

        while (_line.Next(_canBeServed) is { } place && Take(place.Claim, place.Attempted, place.Trace) is { } slot)
        {
            _line.Serve(place);
            _rate.Turn(_time.GetTimestamp());
            place.Settle(slot);
        }

        if (_line.Count == 0)
        {
            _rate.Pause();
            return;
        }

        _pool.Look(Attempted.Nothing, _time.GetTimestamp());
        if (Hopeless() is { } refusal)
        {
            foreach (var place in _line.All())
            {
                _line.Remove(place);
                place.Settle(refusal);
            }
        }
        else
        {
            SetAlarm();
        }
    }

    /// <summary>A full line makes room for a workspace that has less in it than another.</summary>
    private bool MakeRoom(in Claim claim)
    {
        if (_line.Count < _limits.Queue)
        {
            return true;
        }

        if (_line.Greediest(claim) is not { } greediest)
        {
            return false;
        }

        _line.Remove(greediest);
        greediest.Settle(new NoSlot(NoSlotReason.QueueFull, _rate.Estimate(_line.Count)));
        return true;
    }

    /// <summary>Why waiting makes no sense, as of the last look; null: a slot may come free.</summary>
    private NoSlot? Hopeless()
    {
        var (drained, backingOff) = (0, false);
        foreach (var standing in _pool.Standings)
        {
            if (standing.IsOpen() || standing is Standing.Full or Standing.Starting)
            {
                return null;
            }

            drained += standing == Standing.Drained ? 1 : 0;
            backingOff |= standing == Standing.BackingOff;
        }

        if (drained == _pool.Standings.Length)
        {
            return new NoSlot(NoSlotReason.Stopped, RetryAfter: null);
        }

        var next = UntilNextProbe();
        return !backingOff ? new NoSlot(NoSlotReason.NoHealthyReplica, next)
            : next > LongestBackOff ? new NoSlot(NoSlotReason.BackingOff, next)
            : null;
    }

    /// <summary>As of the last look: nothing can be expected but the end of a start.</summary>
    private bool AreStarting()
    {
        var starting = false;
        foreach (var standing in _pool.Standings)
        {
            if (standing.IsOpen() || standing is Standing.Full or Standing.BackingOff)
            {
                return false;
            }

            starting |= standing == Standing.Starting;
        }
        return starting;
    }

    private NoSlot Starts()
    {
        TimeSpan? soonest = null;
        var words = "";
        foreach (var replica in _pool.Replicas)
        {
            var report = replica.LastReport;
            if (report.Condition != ReplicaCondition.Starting)
            {
                continue;
            }

            words = words.Length == 0 ? report.Reason : words;
            var left = report.Estimate - _time.GetElapsedTime(report.At);
            soonest = left < soonest || soonest is null ? left ?? soonest : soonest;
        }
        return new NoSlot(NoSlotReason.Starting, soonest < TimeSpan.Zero ? null : soonest, words);
    }

    private TimeSpan? UntilNextProbe()
    {
        var soonest = Soonest();
        return soonest == long.MaxValue ? null : _time.Span(Math.Max(0, soonest - _time.GetTimestamp()));
    }

    /// <summary>The next moment at which a replica comes back by itself.</summary>
    private long Soonest()
    {
        var soonest = long.MaxValue;
        for (var i = 0; i < _pool.Replicas.Count; i++)
        {
            var replica = _pool.Replicas[i];
            var until = _pool.Standings[i] switch
            {
                Standing.BackingOff => replica.BackOffUntil,
                Standing.CircuitOpen when !replica.Breaker.IsProbing => replica.Breaker.OpenUntil,
                _ => long.MaxValue,
            };
            soonest = Math.Min(soonest, until);
        }
        return soonest;
    }

    private void SetAlarm()
    {
        var soonest = Soonest();
        if (soonest != long.MaxValue)
        {
            // A millisecond late rather than early: an early alarm would find nothing changed.
            var due = _time.Span(Math.Max(0, soonest - _time.GetTimestamp())) + TimeSpan.FromMilliseconds(1);
            _alarm.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private IReplicaPolicy Create(RoutingPolicy policy) =>
        policy switch
        {
            RoutingPolicy.Prefix => new PrefixPolicy(),
            RoutingPolicy.Balanced => new BalancedPolicy(_chance),
            RoutingPolicy.Session => new SessionPolicy(new BalancedPolicy(_chance)),
            RoutingPolicy.Weighted => new WeightedPolicy(_chance),
            RoutingPolicy.RoundRobin => new RoundRobinPolicy(),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "A policy without a rule."),
        };
}
