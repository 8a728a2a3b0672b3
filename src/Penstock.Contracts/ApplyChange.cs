namespace Penstock.Contracts;

/// <summary>One resource that an apply made, changed or removed.</summary>
public sealed record ApplyChange
{
    /// <summary><c>create</c>, <c>update</c> or <c>delete</c>.</summary>
    public required string Action { get; init; }

    /// <summary><c>plan</c>, <c>workspace</c>, <c>key</c> or <c>deployment</c>.</summary>
    public required string Kind { get; init; }

    public required string Name { get; init; }

    /// <summary>What changes, for a person; holds no secret.</summary>
    public string? Detail { get; init; }
}
