namespace Penstock.Simulator.Answers;

/// <summary>Everything a dialect needs to write an answer, as a stream or whole.</summary>
internal sealed record Answer(ChatRequest Request, string Id, long Created, IReadOnlyList<Choice> Choices)
{
    public int PromptTokens => Request.PromptTokens;

    /// <summary>Those of the prompt that the engine's prefix cache held.</summary>
    public int CachedTokens { get; init; }

    public int ReasoningTokens => Choices.Sum(c => c.ReasoningTokens);

    public int CompletionTokens => Choices.Sum(c => c.Steps.Count);

    /// <summary>Token steps until the longest choice is done: the choices are generated side by side.</summary>
    public int Rounds => Choices.Max(c => c.Steps.Count);
}
