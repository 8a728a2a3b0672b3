namespace Penstock.Routing;

/// <summary>The latest finding about a replica. Immutable.</summary>
/// <param name="Reason">In words, for an operator: <c>connection refused</c>, <c>no worker is up</c>.</param>
/// <param name="Estimate">How long a start will still take; null: nobody knows.</param>
/// <param name="TakesRequests">
/// A starting replica that is to be sent requests all the same: they are what wakes it (RunPod with no worker).
/// </param>
/// <param name="At">Timestamp of the finding.</param>
internal sealed record ReplicaReport(
    ReplicaCondition Condition,
    string Reason,
    TimeSpan? Estimate,
    bool TakesRequests,
    long At
)
{
    public static ReplicaReport None { get; } = new(ReplicaCondition.Unknown, "", null, TakesRequests: true, 0);
}
