using System.Collections.Frozen;

namespace Penstock.Keys;

/// <summary>
/// A key as the path of a request sees it: everything a request has to know of its caller, resolved from key,
/// workspace and plan when a snapshot is built. Immutable.
/// </summary>
internal sealed record KeyGrant
{
    public required Guid KeyId { get; init; }
    public required string KeyName { get; init; }
    public required ApiKeyHash Hash { get; init; }
    public required Guid WorkspaceId { get; init; }
    public required string Workspace { get; init; }

    /// <summary>The plan's name, as in <c>X-RateLimit-Tier</c>.</summary>
    public required string Plan { get; init; }

    /// <summary>The effective budget: requests a minute, at least 1.</summary>
    public required int RequestsPerMinute { get; init; }

    /// <summary>Requests that may stand in the bucket at once, at least 1.</summary>
    public required int Burst { get; init; }

    /// <summary>The plan's priority, 0 to 9: its weight where requests wait for each other.</summary>
    public int Priority { get; init; }

    /// <summary>The models this key may call; null: every model of its workspace.</summary>
    public FrozenSet<string>? Models { get; init; }

    /// <summary>May send the fields that reach into a shared engine (permission <c>engine-controls</c>).</summary>
    public bool EngineControls { get; init; }

    /// <summary>From this moment on the key is refused; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public bool Revoked { get; init; }

    /// <summary>Whether the key's scope holds the model; that its workspace has it is the router's to say.</summary>
    public bool MayCall(string model) => Models is null || Models.Contains(model);
}
