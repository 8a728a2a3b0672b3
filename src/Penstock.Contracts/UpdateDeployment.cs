namespace Penstock.Contracts;

/// <summary>
/// Body of <c>PATCH /admin/v1/deployments/{id}</c>: what is absent stays. Lists are replaced whole; of limits, timeouts
/// and retry only the members that are there change; defaults are replaced whole, since each absent one means something.
/// </summary>
public sealed record UpdateDeployment
{
    public string? Model { get; init; }
    public string? UpstreamModel { get; init; }
    public string? Backend { get; init; }

    /// <summary>A replica whose URL was there before and that names no credential keeps the one it has.</summary>
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
