using System.Collections.Immutable;

namespace Penstock.Engines;

/// <summary>
/// What one replica was seen to do for one model, when it was last probed. Immutable; every finding may be unknown.
/// </summary>
internal sealed record CapabilityCard
{
    public required DateTimeOffset ProbedAt { get; init; }

    /// <summary>The kind of engine by its own word (<c>owned_by</c>), as in the catalogue; null: it did not say.</summary>
    public string? Engine { get; init; }

    /// <summary>As the engine spells it; null: it did not say.</summary>
    public string? EngineVersion { get; init; }

    /// <summary>The names it lists.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    /// <summary>Tokens of prompt and answer together; null: it did not say.</summary>
    public int? ContextLength { get; init; }

    /// <summary><c>stream_options.include_usage</c> brings a usage chunk.</summary>
    public Finding UsageInStreams { get; init; }

    /// <summary><c>stream_options.continuous_usage_stats</c> brings usage on every chunk.</summary>
    public Finding UsageOnEveryChunk { get; init; }

    /// <summary>A required tool call comes as deltas of a tool call.</summary>
    public Finding ToolCalls { get; init; }

    /// <summary>Tools with <c>tool_choice: auto</c>, the default of clients, are taken.</summary>
    public Finding AutoToolChoice { get; init; }

    /// <summary><c>logprobs</c> are answered.</summary>
    public Finding Logprobs { get; init; }

    /// <summary>Highest <c>top_logprobs</c> that was answered; null: not seen.</summary>
    public int? TopLogprobs { get; init; }

    /// <summary><c>n</c> above 1 is answered with as many choices.</summary>
    public Finding SeveralChoices { get; init; }

    /// <summary><c>response_format</c> of type <c>json_schema</c> is honoured, not only taken.</summary>
    public Finding StructuredOutput { get; init; }

    /// <summary>A call that is hung up on ends in the engine.</summary>
    public Finding AbortFreesSlot { get; init; }

    /// <summary>A partial assistant message is continued (<c>continue_final_message</c>).</summary>
    public Finding ContinuesPartialMessage { get; init; }

    /// <summary><c>cache_salt</c> is taken.</summary>
    public Finding TakesCacheSalt { get; init; }

    /// <summary>The engine closed an idle connection after this long; null: not seen.</summary>
    public TimeSpan? IdleConnection { get; init; }

    /// <summary>Bytes of the largest body that was taken; null: not seen.</summary>
    public long? LargestBody { get; init; }

    /// <summary>Bytes of a body that was refused as too large; null: not seen.</summary>
    public long? RefusedBody { get; init; }

    /// <summary>Requests that it runs at once; null: it did not say.</summary>
    public int? MaxConcurrency { get; init; }

    public ErrorDialect ErrorDialect { get; init; }

    /// <summary>What will not work, in words for a person.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What the probe cost: calls that may generate, and the tokens they generated.</summary>
    public int Calls { get; init; }

    public int GeneratedTokens { get; init; }
}
