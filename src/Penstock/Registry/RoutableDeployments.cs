using Penstock.Routing;

namespace Penstock.Registry;

/// <summary>Deployments as the router takes them: with their credentials.</summary>
internal sealed class RoutableDeployments(UpstreamCredentials credentials, ILogger<RoutableDeployments> logger)
{
    public IReadOnlyList<Deployment> Of(RegistryState state) => [.. state.Deployments.Values.Select(Of)];

    private Deployment Of(DeploymentRecord record) =>
        new()
        {
            Id = record.Id,
            WorkspaceId = record.WorkspaceId,
            Model = record.Model,
            UpstreamModel = record.UpstreamModel,
            Backend = record.Backend,
            Replicas = [.. record.Replicas.Select(replica => Of(replica, record))],
            Limits = record.Limits,
            Defaults = record.Defaults,
            Timeouts = record.Timeouts,
            Attempts = record.Attempts,
            Continuity = record.Continuity,
            Fallbacks = record.Fallbacks,
            CreatedAt = record.CreatedAt,
        };

    private ReplicaAddress Of(ReplicaRecord replica, DeploymentRecord deployment)
    {
        var (credential, problem) = credentials.Resolve(replica);
        if (problem is not null)
        {
            RegistryLog.CredentialMissing(logger, deployment.Id, deployment.Model, replica.Url, problem);
        }

        return new ReplicaAddress(new Uri(replica.Url), credential, replica.Weight);
    }
}
