using System.Text.Json;
using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>One change of the registry: who, what, before, after.</summary>
public sealed record AuditRow
{
    public required DateTimeOffset At { get; init; }
    public required string Actor { get; init; }
    public required string Action { get; init; }
    public required string Kind { get; init; }
    public required string Id { get; init; }

    /// <summary>The resource as it was, without secrets; null: it was not there.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? Before { get; init; }

    /// <summary>The resource as it is now, without secrets; null: it is gone.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public JsonElement? After { get; init; }
}
