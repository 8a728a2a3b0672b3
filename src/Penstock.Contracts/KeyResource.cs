using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>An API key as the management API shows it: never its hash, and its secret only where it was just made.</summary>
public sealed record KeyResource
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }

    /// <summary>The workspace's name.</summary>
    public required string Workspace { get; init; }

    /// <summary>Prefix and last four characters of the secret: enough to recognise a key, useless to call with.</summary>
    public required string Hint { get; init; }

    /// <summary>The whole key, in the answers to create and rotate only.</summary>
    public string? Secret { get; init; }

    /// <summary>The key's own budget; null: the plan's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? RequestsPerMinute { get; init; }

    /// <summary>The key's own burst; null: the plan's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public int? Burst { get; init; }

    /// <summary>What it may use; absent: what the plan says.</summary>
    public AllowanceShape? Limits { get; init; }

    /// <summary>The models this key may call; null: every model of the workspace.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public IReadOnlyList<string>? Models { get; init; }

    public IReadOnlyList<string> Permissions { get; init; } = [];

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? ExpiresAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>The key that this one takes over from.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public Guid? RotatedFrom { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Without the secret: a record's own text would put it into the first log line that prints it.</summary>
    public override string ToString() => $"Key {{ Id = {Id}, Name = {Name}, Workspace = {Workspace}, Hint = {Hint} }}";
}
