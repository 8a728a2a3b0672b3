using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>Body of <c>PATCH /admin/v1/keys/{id}</c>: what is absent stays, what is null falls back to its default.</summary>
public sealed record UpdateKey
{
    public string? Name { get; init; }

    /// <summary>null: the plan's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> RequestsPerMinute { get; init; }

    /// <summary>null: the plan's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<int?> Burst { get; init; }

    /// <summary>Members that are absent stay.</summary>
    public AllowanceShape? Limits { get; init; }

    /// <summary>null: every model of the workspace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> Models { get; init; }

    /// <summary>null: none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<IReadOnlyList<string>?> Permissions { get; init; }

    /// <summary>null: never.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Optional<DateTimeOffset?> ExpiresAt { get; init; }
}
