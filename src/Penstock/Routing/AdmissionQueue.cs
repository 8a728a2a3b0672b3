namespace Penstock.Routing;

/// <summary>
/// The slots of a deployment's replicas, and the bounded line of requests that wait for one. First come, first served.
/// </summary>
internal sealed class AdmissionQueue(IReadOnlyList<Replica> replicas, DeploymentLimits limits)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Waiter> _line = [];
    private int _turn;

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

    /// <summary>
    /// Takes a slot on the least busy replica, or a place in the line when all are full. The slot is a lease.
    /// </summary>
    /// <param name="tried">Replicas that failed this request already: taken again only when there is no other.</param>
    /// <returns>Null when the line is full too.</returns>
    public ValueTask<ReplicaSlot?> EnterAsync(
        IReadOnlyList<Replica> tried,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        Waiter waiter;
        lock (_gate)
        {
            if (_line.Count == 0 && TakeFree(tried, time.GetTimestamp()) is { } replica)
            {
                return new(new ReplicaSlot(this, replica));
            }

            if (_line.Count >= limits.Queue)
            {
                return new((ReplicaSlot?)null);
            }

            waiter = new Waiter(tried);
            waiter.Place = _line.AddLast(waiter);
        }
        return WaitAsync(waiter, time, cancellationToken);
    }

    private async ValueTask<ReplicaSlot?> WaitAsync(Waiter waiter, TimeProvider time, CancellationToken cancellation)
    {
        try
        {
            var replica = await waiter.Slot.Task.WaitAsync(limits.QueueWait, time, cancellation);
            return new ReplicaSlot(this, replica);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            if (GiveUp(waiter))
            {
                return null;
            }
            // The slot came in the same moment.
            Leave(await waiter.Slot.Task, time);
            return null;
        }
    }

    private bool GiveUp(Waiter waiter)
    {
        lock (_gate)
        {
            if (waiter.Place is not { } place)
            {
                return false;
            }

            _line.Remove(place);
            return true;
        }
    }

    internal void Leave(Replica replica, TimeProvider time)
    {
        Waiter? next = null;
        Replica? slot = null;
        lock (_gate)
        {
            replica.Leave();
            if (_line.First is { } first && TakeFree(first.Value.Tried, time.GetTimestamp()) is { } free)
            {
                (next, slot) = (first.Value, free);
                next.Place = null;
                _line.RemoveFirst();
            }
        }
        next?.Slot.SetResult(slot!);
    }

    /// <summary>The least loaded replica for its weight; one that failed a moment ago only when there is no other.</summary>
    private Replica? TakeFree(IReadOnlyList<Replica> tried, long now)
    {
        Replica? best = null;
        var bestRank = (Avoid: int.MaxValue, Load: double.MaxValue);
        var count = replicas.Count;
        var turn = count > 1 ? _turn++ & int.MaxValue : 0;
        for (var i = 0; i < count; i++)
        {
            var replica = replicas[(turn + i) % count];
            if (replica.InFlight >= limits.MaxConcurrency)
            {
                continue;
            }

            var avoid =
                tried.Contains(replica) ? 2
                : replica.IsResting(now) ? 1
                : 0;
            var rank = (avoid, (double)replica.InFlight / replica.Address.Weight);
            if (rank.CompareTo(bestRank) < 0)
            {
                (best, bestRank) = (replica, rank);
            }
        }
        best?.Enter();
        return best;
    }

    private sealed class Waiter(IReadOnlyList<Replica> tried)
    {
        public IReadOnlyList<Replica> Tried { get; } = tried;
        public TaskCompletionSource<Replica> Slot { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public LinkedListNode<Waiter>? Place { get; set; }
    }
}
