using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>A deployment and how its replicas are, on stdout.</summary>
internal static class DeploymentStatusView
{
    /// <param name="status">null: a server that does not tell, or a deployment that has just been deleted.</param>
    public static void Show(Report report, DeploymentResource deployment, DeploymentStatus? status)
    {
        DeploymentView.Show(report, deployment);
        if (report.IsJson || status is null)
        {
            return;
        }

        report.Line("");
        report.Table(
            ["replica", "slots", "engine", "now"],
            status.Replicas.Select(replica =>
                (IReadOnlyList<string>)
                    [
                        replica.Url,
                        $"{replica.InFlight} of {replica.Capacity}"
                            + (replica.Lagging > 0 ? $", {replica.Lagging} ending" : ""),
                        Engine(replica),
                        replica.Reason,
                    ]
            )
        );
        report.Say(status.Waiting == 0 ? "Nobody waits for a slot." : $"{status.Waiting} requests wait for a slot.");
    }

    private static string Engine(ReplicaStatus replica)
    {
        var load =
            replica.Running is null && replica.Waiting is null
                ? "load unknown"
                : $"{replica.Running ?? 0} running, {replica.Waiting ?? 0} waiting";
        return replica.Health is { } health ? $"{health}; {load}" : load;
    }
}
