namespace Penstock.Simulator.Answers;

/// <summary>One of a request's <c>n</c> answers, whole and decided before its first byte is sent.</summary>
internal sealed record Choice(int Index, List<Step> Steps)
{
    /// <summary>
    /// Every token shows as it is, so that the content need not be put together before it is written.
    /// </summary>
    public bool IsPlain { get; init; }

    /// <summary>The message's text where the choice is not plain; null where it carries tool calls instead.</summary>
    public string? Content { get; init; }

    /// <summary>What the model thought before it answered, where the engine shows it.</summary>
    public string? Reasoning { get; init; }

    /// <summary>How many of the first steps were thoughts.</summary>
    public int ReasoningTokens { get; init; }

    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    public required string FinishReason { get; init; }

    /// <summary>The reason as the engine's core counts it, which knows no tools.</summary>
    public string EngineReason => FinishReason is "tool_calls" ? "stop" : FinishReason;

    /// <summary>The stop string that ended it.</summary>
    public string? StopReason { get; init; }

    /// <summary>Seeds the log-probabilities, so that stream and JSON show the same ones.</summary>
    public required ulong Seed { get; init; }
}
