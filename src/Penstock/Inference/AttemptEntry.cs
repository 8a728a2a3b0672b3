using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Routing.Explaining;

namespace Penstock.Inference;

/// <summary>What is noted of one attempt at one replica: its way, what it says of the replica's health, and its slot.</summary>
internal readonly struct AttemptEntry(ReplicaSlot slot, in Attempted before, RouteTrace? trace, TimeProvider time)
{
    private readonly bool _isRepeated = before.HasFailed(slot.Replica);

    /// <summary>The timestamp at which it began.</summary>
    public long Began { get; } = time.GetTimestamp();

    public Replica Replica => slot.Replica;

    public TimeSpan Elapsed => time.Span(time.GetTimestamp() - Began);

    public void End(AttemptOutcome outcome)
    {
        var now = time.GetTimestamp();
        Diagnosis.Note(Replica, outcome, Began, _isRepeated, now, time);
        var ending = outcome.Refusal?.Ending ?? InferenceEnding.Completed;
        trace?.AttemptEnded(Replica, EndingFacts.Of(ending).Label, outcome.Refusal?.Status ?? 0, now);
        slot.Release(Diagnosis.LeavesWork(outcome));
    }

    /// <summary>Another attempt was quicker: that says nothing of this replica's health.</summary>
    public void Outrun()
    {
        trace?.AttemptEnded(Replica, "outrun", 0, time.GetTimestamp());
        slot.Release(brokenOff: true);
    }

    /// <summary>It is not known how it ended; after any other end this does nothing.</summary>
    public void BreakOff() => slot.Release(brokenOff: true);
}
