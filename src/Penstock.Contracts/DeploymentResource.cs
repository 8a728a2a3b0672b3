using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>A model offered to a workspace, in the shape of the declarative file.</summary>
public sealed record DeploymentResource
{
    public required Guid Id { get; init; }

    /// <summary>The workspace's name, or <c>*</c>: shared by all.</summary>
    public required string Workspace { get; init; }

    /// <summary>The name callers use.</summary>
    public required string Model { get; init; }

    /// <summary>The name the engine knows.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>The engine's dialect and the value of <c>X-Backend</c>.</summary>
    public required string Backend { get; init; }

    public required IReadOnlyList<ReplicaShape> Replicas { get; init; }
    public required LimitsShape Limits { get; init; }
    public required DefaultsShape Defaults { get; init; }
    public required TimeoutsShape Timeouts { get; init; }
    public required RetryShape Retry { get; init; }

    /// <summary>How a replica is chosen.</summary>
    public required string Policy { get; init; }

    /// <summary>Workspaces share the engine's prompt cache.</summary>
    public required bool ShareCache { get; init; }

    /// <summary>The plan's priority goes to the engine.</summary>
    public required bool EnginePriority { get; init; }

    /// <summary>
    /// What becomes of a stream whose engine dies: <c>auto</c>, another replica goes on where that is safe, or <c>off</c>.
    /// </summary>
    public required string Continuity { get; init; }

    /// <summary>What becomes of a request whose first byte is late: <c>auto</c>, another replica gets it too, or <c>off</c>.</summary>
    public string Hedge { get; init; } = "off";

    /// <summary>Absent: its tokens cost nothing.</summary>
    public PriceShape? Price { get; init; }

    /// <summary>How often the engine is asked what a stream has used: <c>auto</c>, <c>final</c> or <c>off</c>.</summary>
    public string Usage { get; init; } = "auto";

    /// <summary>Other models of the workspace, tried in order when no replica can answer.</summary>
    public required IReadOnlyList<string> Fallbacks { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// How its replicas are, told with one deployment and not in a list. No part of its version: it changes by itself.
    /// </summary>
    public IReadOnlyList<ReplicaState>? States { get; init; }
}
