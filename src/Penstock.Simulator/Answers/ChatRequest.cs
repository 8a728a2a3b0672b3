using System.Text.Json;

namespace Penstock.Simulator.Answers;

/// <summary>
/// A chat completion as a dialect understood it, valid. Its elements live as long as the request's document.
/// </summary>
internal sealed record ChatRequest
{
    public required string Model { get; init; }

    /// <summary>Of seed, model and the messages' bytes: equal requests get equal answers.</summary>
    public required ulong Hash { get; init; }

    public required int PromptTokens { get; init; }

    public required int MaxTokens { get; init; }

    public int MinTokens { get; init; }

    public bool IgnoreEos { get; init; }

    public IReadOnlyList<string> Stop { get; init; } = [];

    public bool IncludeStop { get; init; }

    public int N { get; init; } = 1;

    public bool LogProbs { get; init; }

    public int TopLogProbs { get; init; }

    public bool Stream { get; init; }

    public bool IncludeUsage { get; init; }

    public bool ContinuousUsage { get; init; }

    public bool ReturnTokenIds { get; init; }

    public IReadOnlyList<Tool> Tools { get; init; } = [];

    public ToolChoice ToolChoice { get; init; } = ToolChoice.None;

    /// <summary>The function of a named tool choice.</summary>
    public string? NamedTool { get; init; }

    public required ToolWording ToolWording { get; init; }

    public bool ParallelToolCalls { get; init; } = true;

    public AnswerFormat Format { get; init; } = AnswerFormat.Text;

    public required Conversation Conversation { get; init; }

    /// <summary>The partial answer that is to be continued; null begins a new one.</summary>
    public string? Beginning { get; init; }

    /// <summary>How long the model thinks first.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Where a delta or message keeps what the model thought; none hides it.</summary>
    public IReadOnlyList<string> ReasoningKeys { get; init; } = [];
}
