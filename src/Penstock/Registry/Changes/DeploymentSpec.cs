using Penstock.Routing;

namespace Penstock.Registry.Changes;

/// <summary>What a person says of a deployment.</summary>
internal sealed record DeploymentSpec
{
    public static DeploymentSpec New { get; } =
        new()
        {
            Workspace = "",
            Model = "",
            UpstreamModel = "",
            Backend = "",
            Replicas = [],
        };

    /// <summary>null: none was given.</summary>
    public Guid? Id { get; init; }

    /// <summary>Name or id, or <c>*</c>.</summary>
    public required string Workspace { get; init; }

    public required string Model { get; init; }

    /// <summary>Empty: the same as the model.</summary>
    public required string UpstreamModel { get; init; }

    public required string Backend { get; init; }
    public required IReadOnlyList<ReplicaSpec> Replicas { get; init; }
    public DeploymentLimits Limits { get; init; } = new();
    public SamplingDefaults Defaults { get; init; } = SamplingDefaults.OfTheContract;
    public DeploymentTimeouts Timeouts { get; init; } = new();
    public int Attempts { get; init; } = 3;
    public DeploymentRouting Routing { get; init; } = new();
    public Continuity Continuity { get; init; } = Continuity.Auto;
    public ValueList<string> Fallbacks { get; init; } = [];

    public static DeploymentSpec Of(DeploymentRecord deployment, RegistryState state) =>
        new()
        {
            Id = deployment.Id,
            Workspace = state.WorkspaceName(deployment.WorkspaceId),
            Model = deployment.Model,
            UpstreamModel = deployment.UpstreamModel,
            Backend = deployment.Backend,
            Replicas =
            [
                .. deployment.Replicas.Select(replica => new ReplicaSpec(
                    replica,
                    SaysCredential: true,
                    SaysDrained: true
                )),
            ],
            Limits = deployment.Limits,
            Defaults = deployment.Defaults,
            Timeouts = deployment.Timeouts,
            Attempts = deployment.Attempts,
            Routing = deployment.Routing,
            Continuity = deployment.Continuity,
            Fallbacks = deployment.Fallbacks,
        };

    public DeploymentRecord ToRecord(
        Guid id,
        Guid? workspace,
        ValueList<ReplicaRecord> replicas,
        DateTimeOffset createdAt
    ) =>
        new()
        {
            Id = id,
            WorkspaceId = workspace,
            Model = Model,
            UpstreamModel = UpstreamModel.Length > 0 ? UpstreamModel : Model,
            Backend = Backend,
            Replicas = replicas,
            Limits = Limits,
            Defaults = Defaults,
            Timeouts = Timeouts,
            Attempts = Attempts,
            Routing = Routing,
            Continuity = Continuity,
            Fallbacks = Fallbacks,
            CreatedAt = createdAt,
        };
}
