using Penstock.Keys;

namespace Penstock.Registry.Changes;

/// <summary>What a person says of a key.</summary>
internal sealed record KeySpec
{
    public static KeySpec New { get; } = new() { Name = "", Workspace = "" };

    /// <summary>Empty: it is named for its id.</summary>
    public required string Name { get; init; }

    /// <summary>Name or id.</summary>
    public required string Workspace { get; init; }

    /// <summary>Of a key that is brought along; null: a secret is made.</summary>
    public KeyCredential? Credential { get; init; }

    public int? RequestsPerMinute { get; init; }
    public int? Burst { get; init; }
    public ValueList<string>? Models { get; init; }
    public ValueList<string> Permissions { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }
    public Allowance Limits { get; init; } = Allowance.Unlimited;

    public static KeySpec Of(KeyRecord key, RegistryState state) =>
        new()
        {
            Name = key.Name,
            Workspace = state.WorkspaceName(key.WorkspaceId),
            Credential = new KeyCredential(key.Hash, key.Hint),
            RequestsPerMinute = key.RequestsPerMinute,
            Burst = key.Burst,
            Models = key.Models,
            Permissions = key.Permissions,
            ExpiresAt = key.ExpiresAt,
            Limits = key.Limits,
        };

    public KeyRecord On(KeyRecord key) =>
        key with
        {
            Name = Name,
            Hash = Credential?.Hash ?? key.Hash,
            Hint = Credential?.Hint ?? key.Hint,
            RequestsPerMinute = RequestsPerMinute,
            Burst = Burst,
            Models = Models,
            Permissions = Permissions,
            ExpiresAt = ExpiresAt,
            Limits = Limits,
        };
}
