using Microsoft.Extensions.Options;
using Penstock.Keys;

namespace Penstock.Registry.Changes;

/// <summary>The changes a key can undergo.</summary>
internal sealed class KeyChanges(IOptions<KeyOptions> options)
{
    /// <summary>A day: long enough for every place that holds the old secret to get the new one.</summary>
    public static TimeSpan DefaultGrace { get; } = TimeSpan.FromHours(24);

    private string Prefix => options.Value.Prefix;

    /// <summary>Makes a key with a new secret, or with the one that was brought along.</summary>
    public IssuedKey? Create(RegistryDraft draft, Declared<KeySpec> declared)
    {
        var spec = declared.Value;
        if (FindWorkspace(draft, declared) is not { } workspace)
        {
            return null;
        }

        var secret = spec.Credential is null ? new Secret(ApiKeySecret.Create(Prefix)) : (Secret?)null;
        var credential = spec.Credential ?? KeyCredential.OfSecret(secret!.Value.Value, Prefix);
        var id = Guid.CreateVersion7(draft.At);
        var key = spec.On(Blank(id, workspace.Id, credential, draft.At)) with
        {
            // The end of the id is its random part: keys made in the same millisecond differ there.
            Name = spec.Name.Length > 0 ? spec.Name : $"key-{id.ToString("N")[^8..]}",
        };
        KeyRules.CheckCeiling(draft, declared, workspace, previous: null);
        draft.Asked(ResourceKind.Key, RegistryDraft.IdOf(id), declared.At);
        draft.Put(key);
        return new IssuedKey(key, secret);
    }

    public KeyRecord Update(RegistryDraft draft, KeyRecord key, Declared<KeySpec> declared)
    {
        var next = declared.Value.On(key);
        KeyRules.CheckCeiling(draft, declared, draft.After.Workspaces[key.WorkspaceId], previous: key);
        draft.Asked(ResourceKind.Key, RegistryDraft.IdOf(key.Id), declared.At);
        draft.Put(next);
        return next;
    }

    /// <summary>Makes a successor with a new secret; the old key works on until the grace period is over.</summary>
    public IssuedKey? Rotate(RegistryDraft draft, KeyRecord key, TimeSpan grace)
    {
        if (!key.IsCurrent)
        {
            var why = key.RevokedAt is not null ? "revoked" : "rotated already: rotate its successor";
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.Conflict, $"key \"{key.Name}\" was {why}");
            return null;
        }

        var end = Moments.ToMilliseconds(draft.At + grace);
        var secret = new Secret(ApiKeySecret.Create(Prefix));
        var credential = KeyCredential.OfSecret(secret.Value, Prefix);
        var successor = key with
        {
            Id = Guid.CreateVersion7(draft.At),
            Hash = credential.Hash,
            Hint = credential.Hint,
            RotatedFrom = key.Id,
            CreatedAt = draft.At,
        };
        draft.Put(key with { SupersededAt = draft.At, ExpiresAt = key.ExpiresAt < end ? key.ExpiresAt : end });
        draft.Put(successor);
        return new IssuedKey(successor, secret);
    }

    /// <summary>Ends a key at once. It is kept, so that its holder hears that it was revoked.</summary>
    public static KeyRecord Revoke(RegistryDraft draft, KeyRecord key)
    {
        var revoked = key with { RevokedAt = key.RevokedAt ?? draft.At };
        draft.Put(revoked);
        return revoked;
    }

    private static Workspace? FindWorkspace(RegistryDraft draft, Declared<KeySpec> declared)
    {
        var name = declared.Value.Workspace;
        var found = draft.After.FindWorkspace(name);
        if (found is null && name.Length > 0)
        {
            var known = Suggestion.For(name, draft.After.Workspaces.Values.Select(workspace => workspace.Name));
            var message = $"there is no workspace \"{name}\"{known}";
            draft.Mistakes.Add(declared.At("workspace"), MistakeCodes.InvalidValue, message);
        }

        return found;
    }

    private static KeyRecord Blank(Guid id, Guid workspace, KeyCredential credential, DateTimeOffset at) =>
        new()
        {
            Id = id,
            WorkspaceId = workspace,
            Name = "",
            Hash = credential.Hash,
            Hint = credential.Hint,
            CreatedAt = at,
        };
}
