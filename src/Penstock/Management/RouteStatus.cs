using Penstock.Contracts;
using Penstock.Routing;

namespace Penstock.Management;

/// <summary>The state of a deployment's replicas in the shape of the contract.</summary>
internal static class RouteStatus
{
    public static DeploymentStatus Of(ModelRoute route, TimeProvider time) =>
        new()
        {
            Id = route.Deployment.Id,
            Waiting = route.Admission.Waiting,
            Replicas = [.. route.Replicas.Select(replica => Of(replica, route.Deployment.Limits, time))],
        };

    private static ReplicaStatus Of(Replica replica, DeploymentLimits limits, TimeProvider time)
    {
        var capacity = ReplicaStandings.CapacityOf(replica, limits);
        var standing = ReplicaStandings.Of(replica, capacity, Attempted.Nothing, time.GetTimestamp());
        var report = replica.LastReport;
        return new ReplicaStatus
        {
            Url = replica.Name,
            Standing = standing.Name(),
            Reason = standing.Explain(replica, time),
            InFlight = replica.InFlight,
            Lagging = replica.Lagging,
            Capacity = capacity,
            Failures = replica.Failures,
            Health = report.Condition switch
            {
                ReplicaCondition.Unknown => null,
                ReplicaCondition.Alive => "alive",
                ReplicaCondition.Failing => $"failing: {report.Reason}",
                ReplicaCondition.Starting => $"starting: {report.Reason}",
                _ => throw new ArgumentOutOfRangeException(nameof(replica), report.Condition, "No such condition."),
            },
            Running = replica.Load.Running,
            Waiting = replica.Load.Waiting,
            KvUsage = replica.Load.KvUsage,
        };
    }
}
