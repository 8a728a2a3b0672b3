using Penstock.Keys;

namespace Penstock.Registry;

/// <summary>An API key as it is kept: its hash, never its secret. Immutable.</summary>
internal sealed record KeyRecord
{
    public required Guid Id { get; init; }
    public required Guid WorkspaceId { get; init; }

    /// <summary>Unique among the current keys of its workspace.</summary>
    public required string Name { get; init; }

    public required ApiKeyHash Hash { get; init; }

    /// <summary>Enough of the secret to recognise it, useless to call with.</summary>
    public required string Hint { get; init; }

    /// <summary>Its own limit; null: the plan's.</summary>
    public int? RequestsPerMinute { get; init; }

    /// <summary>Its own burst; null: the plan's.</summary>
    public int? Burst { get; init; }

    /// <summary>What it may use; what this leaves open the plan says.</summary>
    public Allowance Limits { get; init; } = Allowance.Unlimited;

    /// <summary>The models it may call; null: every model of its workspace.</summary>
    public ValueList<string>? Models { get; init; }

    public ValueList<string> Permissions { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When another key took over from this one; it goes on working until <see cref="ExpiresAt"/>.</summary>
    public DateTimeOffset? SupersededAt { get; init; }

    /// <summary>The key that this one took over from.</summary>
    public Guid? RotatedFrom { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The one key that its name stands for: neither revoked nor rotated away.</summary>
    public bool IsCurrent => RevokedAt is null && SupersededAt is null;
}
