namespace Penstock.Metering;

/// <summary>Sums of one group. Exactly one of the first members is set, or none for requests that reached no model.</summary>
internal sealed record UsageSum
{
    public string? Model { get; init; }
    public Guid? KeyId { get; init; }
    public Guid? WorkspaceId { get; init; }
    public DateOnly? Day { get; init; }

    public required long Requests { get; init; }
    public required long Errors { get; init; }
    public required long PromptTokens { get; init; }
    public required long CompletionTokens { get; init; }
    public required long CachedTokens { get; init; }
    public required long ReasoningTokens { get; init; }

    /// <summary>Nano-units.</summary>
    public required long Cost { get; init; }
}
