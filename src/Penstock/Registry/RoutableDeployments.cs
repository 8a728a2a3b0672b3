using Penstock.Routing;

namespace Penstock.Registry;

/// <summary>Deployments as the router takes them: with their credentials.</summary>
internal sealed class RoutableDeployments(
    UpstreamCredentials credentials,
    RunPodOptions runPod,
    ILogger<RoutableDeployments> logger
)
{
    public IReadOnlyList<Deployment> Of(RegistryState state) => [.. state.Deployments.Values.Select(Of)];

    /// <summary>
    /// Whether a file holds another credential by now than the one that is in use. A file that is gone, or holds none, changes
    /// nothing here: it may be about to be written.
    /// </summary>
    public bool IsOutdated(PublishedRegistry published) =>
        published
            .State.Deployments.Values.Zip(published.Deployments)
            .SelectMany(pair => pair.First.Replicas.Zip(pair.Second.Replicas))
            .Any(pair => IsOutdated(pair.First, pair.Second));

    private bool IsOutdated(ReplicaRecord replica, ReplicaAddress inUse) =>
        replica.ApiKeyFile is not null
        && credentials.Resolve(replica) is { Value: { } credential }
        && credential != inUse.ApiKey;

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
            Routing = record.Routing,
            Continuity = record.Continuity,
            Usage = record.Usage,
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

        var url = replica.RunPod is { } endpoint ? runPod.UrlOf(endpoint) : new Uri(replica.Url);
        return new ReplicaAddress(url, credential, replica.Weight)
        {
            Host = replica.RunPod is { } at ? runPod.HostOf(at) : null,
            Drained = replica.Drained,
        };
    }
}
