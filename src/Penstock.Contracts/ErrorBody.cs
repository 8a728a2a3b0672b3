using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>What was wrong and what to do; for a document, every mistake in it.</summary>
public sealed record ErrorBody
{
    public required string Message { get; init; }
    public required string Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Param { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Code { get; init; }

    /// <summary>Every mistake of a document or a body, where there is more to say than the message.</summary>
    public IReadOnlyList<ErrorDetail>? Details { get; init; }
}
