namespace Penstock.Contracts;

/// <summary>What a deployment can take; absent: the product's default.</summary>
public sealed record LimitsShape
{
    /// <summary>Highest <c>top_logprobs</c>.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>Highest <c>n</c>.</summary>
    public int? N { get; init; }

    /// <summary>Requests under way per replica.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>Requests that may wait for a slot.</summary>
    public int? Queue { get; init; }

    /// <summary>Longest wait for a slot, as in <c>30s</c>.</summary>
    public string? QueueWait { get; init; }

    /// <summary>Longest wait while the replicas are starting.</summary>
    public string? StartWait { get; init; }

    /// <summary>How old an outage of all replicas may be for requests to wait for its end.</summary>
    public string? OutageWait { get; init; }
}
