using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>What a deployment remembers from request to request. Outlives snapshots that keep the deployment.</summary>
internal sealed class DeploymentState(TimeProvider time, Chance chance) : IDisposable
{
    public AdmissionQueue Admission { get; } = new(time, chance);
    public RetryBudget Retries { get; } = new();
    public OutageWaiters Outage { get; } = new();

    /// <summary>Of streams: to their first event. Learned where requests are hedged.</summary>
    public FirstByteTimes StreamTimes { get; } = new();

    /// <summary>Of answers in one piece, which come when they are whole.</summary>
    public FirstByteTimes DocumentTimes { get; } = new();

    /// <summary>The registry no longer has it: whoever waits is sent away, calls under way end in peace.</summary>
    public void Retire(DeploymentLimits limits)
    {
        Admission.Use([], limits, Policies.RoutingPolicy.RoundRobin);
        Dispose();
    }

    public void Dispose() => Admission.Dispose();
}
