using Penstock.Routing;

namespace Penstock.Registry;

/// <summary>A deployment as it is kept: like <see cref="Deployment"/>, but credentials are named, not resolved. Immutable.</summary>
internal sealed record DeploymentRecord
{
    public required Guid Id { get; init; }

    /// <summary>The one workspace that sees it; null: shared by all.</summary>
    public required Guid? WorkspaceId { get; init; }

    public required string Model { get; init; }
    public required string UpstreamModel { get; init; }
    public required string Backend { get; init; }
    public required ValueList<ReplicaRecord> Replicas { get; init; }
    public DeploymentLimits Limits { get; init; } = new();
    public SamplingDefaults Defaults { get; init; } = SamplingDefaults.OfTheContract;
    public DeploymentTimeouts Timeouts { get; init; } = new();

    /// <summary>Attempts in all, the first one included: two more hide one bad replica and a bad neighbour.</summary>
    public int Attempts { get; init; } = 3;

    public DeploymentRouting Routing { get; init; } = new();
    public Continuity Continuity { get; init; } = Continuity.Auto;
    public ValueList<string> Fallbacks { get; init; } = [];
    public required DateTimeOffset CreatedAt { get; init; }
}
