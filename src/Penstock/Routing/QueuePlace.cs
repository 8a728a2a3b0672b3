using Penstock.Routing.Explaining;

namespace Penstock.Routing;

/// <summary>A request's place in the line before a deployment. A lease: leave it, or take what comes of it.</summary>
internal sealed class QueuePlace(AdmissionQueue queue, in Claim claim, in Attempted attempted, RouteTrace? trace)
{
    private readonly TaskCompletionSource<Admission> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Claim Claim { get; } = claim;
    public Attempted Attempted { get; } = attempted;
    public RouteTrace? Trace { get; } = trace;

    /// <summary>Where the work before it in its own workspace's line ends, in virtual time.</summary>
    public double Start { get; set; }

    /// <summary>Its node in the line; null: no longer in it.</summary>
    public LinkedListNode<QueuePlace>? Node { get; set; }

    /// <summary>A slot, or why there is none; never another place.</summary>
    public Task<Admission> Outcome => _outcome.Task;

    /// <summary>The slot that came of it, if one did.</summary>
    public ReplicaSlot? Slot { get; private set; }

    public void Settle(in Admission outcome)
    {
        Slot = outcome.Slot;
        _outcome.SetResult(outcome);
    }

    /// <summary>Waits no longer: its time is over, or its caller gone.</summary>
    public void Leave() => queue.GiveUp(this);
}
