namespace Penstock.Contracts;

/// <summary>How a deployment is at this moment, on the gateway that was asked.</summary>
public sealed record DeploymentStatus
{
    public required Guid Id { get; init; }

    /// <summary>Requests that wait for a slot.</summary>
    public required int Waiting { get; init; }

    public required IReadOnlyList<ReplicaStatus> Replicas { get; init; }
}
