using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>What the keys of a workspace may do: their default and their ceiling.</summary>
public sealed record PlanResource
{
    public required string Name { get; init; }

    /// <summary>Budget of a key that has none of its own; null: the plan has no keys.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The most that a key may ask for; null: the plan has no keys.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? MaxRequestsPerMinute { get; init; }

    /// <summary>Requests that may stand in a key's bucket at once; null: a tenth of the key's limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? Burst { get; init; }

    /// <summary>Whether workspaces on this plan may have keys at all.</summary>
    public required bool Keys { get; init; }

    /// <summary>Its weight where requests wait for each other, 0 to 9.</summary>
    public int Priority { get; init; }
}
