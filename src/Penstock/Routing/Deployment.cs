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

/// <summary>What a deployment can take.</summary>
internal sealed record DeploymentLimits
{
    /// <summary>Highest <c>top_logprobs</c>: 5 is the contract's, engines take up to 20.</summary>
    public int TopLogprobs { get; init; } = 5;

    /// <summary>Highest <c>n</c>: 128 is OpenAI's.</summary>
    public int N { get; init; } = 128;

    /// <summary>Requests under way per replica: 256 is vLLM's default <c>--max-num-seqs</c>.</summary>
    public int MaxConcurrency { get; init; } = 256;

    /// <summary>Requests that may wait for a slot: a quarter of the slots keeps the wait below one answer's time.</summary>
    public int Queue { get; init; } = 64;

    /// <summary>Longest wait for a slot: past it a caller is better served by an honest 503.</summary>
    public TimeSpan QueueWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Longest wait for replicas that are starting: a model of some gigabytes is loaded in two minutes, and longer no
    /// client waits for its first byte.
    /// </summary>
    public TimeSpan StartWait { get; init; } = TimeSpan.FromSeconds(120);

    /// <summary>
    /// How old an outage may be for requests to wait for its end: a supervised engine is back in seconds, and once it
    /// has not come back in these, a caller is better served by an honest 503 at once.
    /// </summary>
    public TimeSpan OutageWait
    {
        // A row of an older release has none, and what reads it leaves nothing of an initial value.
        get => field == TimeSpan.Zero ? TimeSpan.FromSeconds(5) : field;
        init;
    } = TimeSpan.FromSeconds(5);
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
