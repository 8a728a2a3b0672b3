namespace Penstock.Simulator.Answers;

/// <summary>One of a request's <c>n</c> answers, whole and decided before its first byte is sent.</summary>
internal sealed record Choice(int Index, List<Step> Steps)
{
    /// <summary>Null where the message carries tool calls instead.</summary>
    public string? Content { get; init; }

    public IReadOnlyList<ToolCall> ToolCalls { get; init; } = [];

    public required string FinishReason { get; init; }

    /// <summary>The stop string that ended it.</summary>
    public string? StopReason { get; init; }

    /// <summary>Seeds the log-probabilities, so that stream and JSON show the same ones.</summary>
    public required ulong Seed { get; init; }
}
