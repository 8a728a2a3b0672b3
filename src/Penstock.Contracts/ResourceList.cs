using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>One page of a list.</summary>
public sealed record ResourceList<T>
{
    public required IReadOnlyList<T> Data { get; init; }

    /// <summary>Asks for the page after this one; null: this was the last.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? NextCursor { get; init; }
}
