using System.Collections.Immutable;
using Penstock.Keys;
using Penstock.Metering;

namespace Penstock.Registry;

/// <summary>Everything the registry holds at one moment. Immutable: a change makes the next one, readers never lock.</summary>
internal sealed partial record RegistryState
{
    public static RegistryState Empty { get; } = new();

    public ImmutableSortedDictionary<string, Plan> Plans { get; private init; } =
        ImmutableSortedDictionary.Create<string, Plan>(StringComparer.Ordinal);

    public ImmutableDictionary<Guid, Workspace> Workspaces { get; private init; } =
        ImmutableDictionary<Guid, Workspace>.Empty;

    public ImmutableDictionary<Guid, KeyRecord> Keys { get; private init; } =
        ImmutableDictionary<Guid, KeyRecord>.Empty;

    public ImmutableDictionary<Guid, DeploymentRecord> Deployments { get; private init; } =
        ImmutableDictionary<Guid, DeploymentRecord>.Empty;

    private ImmutableDictionary<string, Guid> WorkspaceIds { get; init; } =
        ImmutableDictionary.Create<string, Guid>(StringComparer.Ordinal);

    private ImmutableDictionary<(Guid Workspace, string Name), Guid> CurrentKeys { get; init; } =
        ImmutableDictionary<(Guid, string), Guid>.Empty;

    private ImmutableDictionary<ApiKeyHash, Guid> KeyIds { get; init; } = ImmutableDictionary<ApiKeyHash, Guid>.Empty;

    /// <summary>The price of every deployment that has one.</summary>
    public IEnumerable<KeyValuePair<Guid, TokenPrice>> Prices =>
        from deployment in Deployments.Values
        where deployment.Price is not null
        select KeyValuePair.Create(deployment.Id, deployment.Price);

    public Workspace? FindWorkspace(string idOrName)
    {
        if (WorkspaceIds.TryGetValue(idOrName, out var id) || Guid.TryParseExact(idOrName, "D", out id))
        {
            return Workspaces.GetValueOrDefault(id);
        }

        return null;
    }

    /// <summary>The key that a name stands for in a workspace: neither revoked nor rotated away.</summary>
    public KeyRecord? FindCurrentKey(Guid workspaceId, string name) =>
        CurrentKeys.TryGetValue((workspaceId, name), out var id) ? Keys.GetValueOrDefault(id) : null;

    public KeyRecord? FindKey(in ApiKeyHash hash) =>
        KeyIds.TryGetValue(hash, out var id) ? Keys.GetValueOrDefault(id) : null;

    /// <summary>The name a deployment's workspace goes by: <c>*</c> for one that all share.</summary>
    public string WorkspaceName(Guid? id) => id is { } known ? Workspaces[known].Name : Workspace.All;
}
