namespace Penstock.Contracts;

/// <summary>A capability card: what a probe found. What it could not find out is <c>unknown</c>, or absent.</summary>
public sealed record CardShape
{
    public required DateTimeOffset ProbedAt { get; init; }

    /// <summary>The kind of engine by its own word.</summary>
    public string? Engine { get; init; }

    public string? EngineVersion { get; init; }

    /// <summary>The names it lists.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>Tokens of prompt and answer together.</summary>
    public int? ContextLength { get; init; }

    public required FindingsShape Findings { get; init; }

    /// <summary>Highest <c>top_logprobs</c> that was answered.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary>After how long the engine closed an idle connection.</summary>
    public string? IdleConnection { get; init; }

    /// <summary>Bytes of the largest body that was taken.</summary>
    public long? LargestBody { get; init; }

    /// <summary>Bytes of a body that was refused as too large.</summary>
    public long? RefusedBody { get; init; }

    /// <summary>Requests that it runs at once.</summary>
    public int? MaxConcurrency { get; init; }

    /// <summary>The form of its refusals: <c>wrapped</c>, <c>flat</c>, <c>text</c>, <c>plain</c> or <c>unknown</c>.</summary>
    public required string ErrorDialect { get; init; }

    /// <summary>What will not work, in words.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Calls that the probe made, and tokens that the engine generated for it.</summary>
    public required int Calls { get; init; }

    public required int GeneratedTokens { get; init; }
}
