namespace Penstock.Contracts;

/// <summary>Body of <c>POST /admin/v1/deployments</c>. The server says what is missing, all of it at once.</summary>
public sealed record CreateDeployment
{
    /// <summary>Absent: the server makes one.</summary>
    public Guid? Id { get; init; }

    /// <summary>The workspace's name or id, or <c>*</c>: shared by all.</summary>
    public string? Workspace { get; init; }

    public string? Model { get; init; }
    public string? UpstreamModel { get; init; }
    public string? Backend { get; init; }
    public IReadOnlyList<ReplicaShape>? Replicas { get; init; }
    public LimitsShape? Limits { get; init; }
    public DefaultsShape? Defaults { get; init; }
    public TimeoutsShape? Timeouts { get; init; }
    public RetryShape? Retry { get; init; }

    /// <summary><c>prefix</c>, <c>balanced</c>, <c>session</c>, <c>weighted</c> or <c>round_robin</c>.</summary>
    public string? Policy { get; init; }

    public bool? ShareCache { get; init; }
    public bool? EnginePriority { get; init; }

    /// <summary><c>auto</c> or <c>off</c>.</summary>
    public string? Continuity { get; init; }

    /// <summary><c>off</c> or <c>auto</c>.</summary>
    public string? Hedge { get; init; }
    public PriceShape? Price { get; init; }
    public string? Usage { get; init; }
    public IReadOnlyList<string>? Fallbacks { get; init; }
}
