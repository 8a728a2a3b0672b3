namespace Penstock.Contracts;

/// <summary>One step of a request's way. What a step has no use for is absent.</summary>
public sealed record ExplainedStep
{
    /// <summary>Milliseconds since the request came.</summary>
    public required double AtMs { get; init; }

    /// <summary>
    /// <c>deployment</c>, <c>passed_over</c>, <c>candidate</c>, <c>chosen</c>, <c>queued</c>, <c>unqueued</c>,
    /// <c>attempt</c>, <c>answering</c>, <c>attempt_end</c> <c>pause</c> or <c>hedged</c>.
    /// </summary>
    public required string Step { get; init; }

    public Guid? Deployment { get; init; }
    public string? Model { get; init; }
    public string? Policy { get; init; }
    public string? Replica { get; init; }

    /// <summary>How a candidate stood: <c>available</c>, or why it was not asked.</summary>
    public string? Standing { get; init; }

    /// <summary>Requests on a candidate.</summary>
    public double? Load { get; init; }

    /// <summary>What the policy thought of a candidate; higher is better.</summary>
    public double? Score { get; init; }

    public int? Status { get; init; }
    public string? Text { get; init; }
}
