using Penstock.Engines.RunPod;

namespace Penstock.Routing;

/// <summary>A model offered to a workspace: where its replicas are and how they are to be used. Immutable.</summary>
internal sealed record Deployment
{
    public required Guid Id { get; init; }

    /// <summary>The one workspace that sees it; null: shared by all.</summary>
    public required Guid? WorkspaceId { get; init; }

    /// <summary>The name callers use.</summary>
    public required string Model { get; init; }

    /// <summary>The name the engine knows, for example a Hugging Face id.</summary>
    public required string UpstreamModel { get; init; }

    /// <summary>The engine's dialect and the value of <c>X-Backend</c>, for example <c>vllm</c>.</summary>
    public required string Backend { get; init; }

    public required IReadOnlyList<ReplicaAddress> Replicas { get; init; }
    public DeploymentLimits Limits { get; init; } = new();
    public SamplingDefaults Defaults { get; init; } = SamplingDefaults.OfTheContract;
    public DeploymentTimeouts Timeouts { get; init; } = new();

    /// <summary>How often one request may be tried in all before the first byte is out, the first time included.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>What becomes of a stream whose engine dies in the middle of it: rescued, unless somebody objects.</summary>
    public Continuity Continuity { get; init; } = Continuity.Auto;

    /// <summary>How often its engine is asked what a stream has used.</summary>
    public UsageReporting Usage { get; init; }

    /// <summary>Other models of the workspace, tried in order when no replica can answer.</summary>
    public IReadOnlyList<string> Fallbacks { get; init; } = [];

    public DeploymentRouting Routing { get; init; } = new();

    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Where one replica listens, and the operator's credential for it.</summary>
/// <param name="Url">Scheme, host, port and an optional base path; never a query.</param>
/// <param name="ApiKey">Sent as <c>Authorization: Bearer</c>; null: none.</param>
/// <param name="Weight">Share of the traffic, at least 1.</param>
internal sealed record ReplicaAddress(Uri Url, string? ApiKey, int Weight)
{
    /// <summary>The operator wants it empty: it gets nothing new, what runs on it ends.</summary>
    public bool Drained { get; init; }

    /// <summary>The host that the engine runs at, where that changes how it is reached; null: none.</summary>
    public RunPodHost? Host { get; init; }
}

/// <summary>What is added to a request whose caller was silent; a null adds nothing.</summary>
internal sealed record SamplingDefaults(long? MaxTokens, double? Temperature, double? TopP)
{
    /// <summary>The numbers that the HTTP contract promises.</summary>
    public static SamplingDefaults OfTheContract { get; } = new(512, 1, 1);

    /// <summary><c>defaults: engine</c>: whatever the engine does by itself.</summary>
    public static SamplingDefaults OfTheEngine { get; } = new(null, null, null);
}

/// <summary>How long each part of a call may take.</summary>
internal sealed record DeploymentTimeouts
{
    /// <summary>TCP and TLS: a replica in the same network answers in milliseconds.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Request sent to the answer's first byte: a long prompt in a full queue takes most of a minute.</summary>
    public TimeSpan FirstByte { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two reads of an answer: engines emit a token well within a second.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The whole call.</summary>
    public TimeSpan Total { get; init; } = TimeSpan.FromMinutes(30);
}
