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
    private readonly Lock _gate = new();
    private readonly FairLine _line = new();
    private readonly DrainRate _rate;
    private readonly TimeProvider _time;
    private readonly Chance _chance;
    private readonly ITimer _alarm;
    private readonly Func<QueuePlace, bool> _canBeServed;
    private DeploymentPool _pool = new([], new DeploymentLimits(), new RoundRobinPolicy());
    private PoolOutlook _outlook;
    private DeploymentLimits _limits = new();
    private RoutingPolicy? _policyName;
    private IReplicaPolicy _policy = new RoundRobinPolicy();

    public AdmissionQueue(TimeProvider time, Chance chance)
    {
        (_time, _chance, _rate) = (time, chance, new DrainRate(time.TimestampFrequency));
        _outlook = new PoolOutlook(_pool, time);
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
                (_policyName, _policy) = (policy, ReplicaPolicies.Create(policy, _chance));
            }

            _limits = limits;
            _pool = new DeploymentPool(replicas, limits, _policy);
            _outlook = new PoolOutlook(_pool, _time);
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
            if (_outlook.Hopeless() is { } refusal)
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

    /// <summary>
    /// A second slot for a request that has one already, on a replica that is well, has not been asked and has room
    /// now; null: there is none, or somebody waits for it.
    /// </summary>
    /// <param name="attempted">Holds the replica that has the request.</param>
    public ReplicaSlot? TakeAnother(in Claim claim, in Attempted attempted)
    {
        lock (_gate)
        {
            return _line.Count == 0 && _pool.Look(attempted, _time.GetTimestamp()) == Standing.Available
                ? Take(claim, attempted, trace: null)
                : null;
        }
    }

    /// <summary>How long a request may wait in this line, as its replicas are now.</summary>
    public TimeSpan LongestWait
    {
        get
        {
            lock (_gate)
            {
                _pool.Look(Attempted.Nothing, _time.GetTimestamp());
                return _outlook.AreStarting() ? _limits.StartWait : _limits.QueueWait;
            }
        }
    }

    /// <summary>What somebody is told whose time in the line is over.</summary>
    public NoSlot TimeIsUp()
    {
        lock (_gate)
        {
            _pool.Look(Attempted.Nothing, _time.GetTimestamp());
            return _outlook.AreStarting()
                ? _outlook.Starts()
                : _outlook.Hopeless() ?? new NoSlot(NoSlotReason.WaitedTooLong, _rate.Estimate(_line.Count));
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
        if (_outlook.Hopeless() is { } refusal)
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

    private void SetAlarm()
    {
        var soonest = _outlook.Soonest();
        if (soonest != long.MaxValue)
        {
            // A millisecond late rather than early: an early alarm would find nothing changed.
            var due = _time.Span(Math.Max(0, soonest - _time.GetTimestamp())) + TimeSpan.FromMilliseconds(1);
            _alarm.Change(due, Timeout.InfiniteTimeSpan);
        }
    }
}
