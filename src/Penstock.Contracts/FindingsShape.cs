namespace Penstock.Contracts;

/// <summary>What an engine can do, each <c>yes</c>, <c>no</c> or <c>unknown</c>.</summary>
public sealed record FindingsShape
{
    /// <summary><c>stream_options.include_usage</c> brings usage.</summary>
    public required string UsageInStreams { get; init; }

    /// <summary><c>stream_options.continuous_usage_stats</c> brings it on every chunk.</summary>
    public required string UsageOnEveryChunk { get; init; }

    /// <summary>A required tool call comes as deltas of a call.</summary>
    public required string ToolCalls { get; init; }

    /// <summary>Tools with <c>tool_choice</c> auto are taken.</summary>
    public required string AutoToolChoice { get; init; }

    public required string Logprobs { get; init; }

    /// <summary><c>n</c> above 1 is answered in full.</summary>
    public required string SeveralChoices { get; init; }

    /// <summary>Answers are held to a <c>json_schema</c>.</summary>
    public required string StructuredOutput { get; init; }

    /// <summary>A call that is hung up on ends in the engine.</summary>
    public required string AbortFreesSlot { get; init; }

    /// <summary><c>continue_final_message</c> continues a partial assistant message.</summary>
    public required string ContinuesPartialMessage { get; init; }

    /// <summary><c>cache_salt</c> is read.</summary>
    public required string TakesCacheSalt { get; init; }
}
