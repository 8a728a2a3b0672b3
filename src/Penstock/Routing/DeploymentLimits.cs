namespace Penstock.Routing;

/// <summary>What a deployment can take.</summary>
internal sealed record DeploymentLimits
{
    // A stored row of an older release has neither, and what reads it leaves nothing of an initial value.
    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan YoungOutage = TimeSpan.FromSeconds(5);

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
    public TimeSpan StartWait
    {
        get => field == TimeSpan.Zero ? LongestStart : field;
        init;
    } = LongestStart;

    /// <summary>
    /// How old an outage may be for requests to wait for its end: a supervised engine is back in seconds, and once it
    /// has not come back in these, a caller is better served by an honest 503 at once.
    /// </summary>
    public TimeSpan OutageWait
    {
        get => field == TimeSpan.Zero ? YoungOutage : field;
        init;
    } = YoungOutage;
}
