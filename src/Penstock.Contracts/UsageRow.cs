namespace Penstock.Contracts;

/// <summary>
/// What the requests of one group used. Exactly one of the first three is there: what was asked to be grouped by.
/// </summary>
public sealed record UsageRow
{
    /// <summary>The name callers use; empty for requests that reached no model.</summary>
    public string? Model { get; init; }

    /// <summary>The key's name, with its workspace in front where two workspaces have one of that name; of a key that is gone its id.</summary>
    public string? Key { get; init; }

    /// <summary>A day of UTC.</summary>
    public DateOnly? Day { get; init; }

    public required long Requests { get; init; }

    /// <summary>Those that ended with an error. A caller who left is none.</summary>
    public required long Errors { get; init; }

    public required long PromptTokens { get; init; }
    public required long CompletionTokens { get; init; }

    /// <summary>Of the prompt tokens, those that the engines found in their caches.</summary>
    public required long CachedTokens { get; init; }

    /// <summary>Of the completion tokens, those spent on thinking.</summary>
    public required long ReasoningTokens { get; init; }

    /// <summary>In the currency of the deployments' prices, exact to a billionth.</summary>
    public required decimal Cost { get; init; }
}
