namespace Penstock.Contracts;

/// <summary>How one request was routed, as the gateway that served it remembers.</summary>
public sealed record RequestExplanation
{
    public required string RequestId { get; init; }
    public string? Workspace { get; init; }

    /// <summary>The model that was asked for.</summary>
    public string? Model { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How it ended, in the word of the log and the metrics.</summary>
    public required string Ending { get; init; }

    public required int Status { get; init; }
    public required double DurationMs { get; init; }

    /// <summary>From the first step to the first byte of the answer; absent: there was none.</summary>
    public double? FirstByteMs { get; init; }

    /// <summary>
    /// Who held it back: <c>key</c> (its rate limit), <c>queue</c> (all replicas busy), <c>engine</c> (its own limit);
    /// absent: nobody.
    /// </summary>
    public string? LimitedBy { get; init; }

    public required IReadOnlyList<ExplainedStep> Steps { get; init; }

    /// <summary>Steps that found no room in the memory.</summary>
    public required int LeftOut { get; init; }
}
