using System.Collections.Immutable;

namespace Penstock.Registry;

/// <summary>The next state after one edit. Rules are checked elsewhere, on the state that results.</summary>
internal sealed partial record RegistryState
{
    public RegistryState With(Plan plan) => this with { Plans = Plans.SetItem(plan.Name, plan) };

    public RegistryState Without(Plan plan) => this with { Plans = Plans.Remove(plan.Name) };

    public RegistryState With(Workspace workspace)
    {
        var before = Workspaces.GetValueOrDefault(workspace.Id);
        return this with
        {
            Workspaces = Workspaces.SetItem(workspace.Id, workspace),
            WorkspaceIds = Forget(WorkspaceIds, before?.Name, workspace.Id).SetItem(workspace.Name, workspace.Id),
        };
    }

    public RegistryState Without(Workspace workspace) =>
        this with
        {
            Workspaces = Workspaces.Remove(workspace.Id),
            WorkspaceIds = Forget(WorkspaceIds, workspace.Name, workspace.Id),
        };

    public RegistryState With(KeyRecord key)
    {
        var cleared = Keys.TryGetValue(key.Id, out var before) ? Without(before) : this;
        var current = cleared.CurrentKeys;
        return cleared with
        {
            Keys = cleared.Keys.SetItem(key.Id, key),
            KeyIds = cleared.KeyIds.SetItem(key.Hash, key.Id),
            CurrentKeys = key.IsCurrent ? current.SetItem((key.WorkspaceId, key.Name), key.Id) : current,
        };
    }

    public RegistryState Without(KeyRecord key) =>
        this with
        {
            Keys = Keys.Remove(key.Id),
            KeyIds = ForgetValue(KeyIds, key.Hash, key.Id),
            CurrentKeys = ForgetValue(CurrentKeys, (key.WorkspaceId, key.Name), key.Id),
        };

    public RegistryState With(DeploymentRecord deployment) =>
        this with
        {
            Deployments = Deployments.SetItem(deployment.Id, deployment),
        };

    public RegistryState Without(DeploymentRecord deployment) =>
        this with
        {
            Deployments = Deployments.Remove(deployment.Id),
        };

    private static ImmutableDictionary<string, Guid> Forget(
        ImmutableDictionary<string, Guid> index,
        string? name,
        Guid id
    ) => name is null ? index : ForgetValue(index, name, id);

    /// <summary>Removes an entry only while it is still the given one's: another may have taken its place since.</summary>
    private static ImmutableDictionary<TKey, Guid> ForgetValue<TKey>(
        ImmutableDictionary<TKey, Guid> index,
        TKey key,
        Guid id
    )
        where TKey : notnull => index.TryGetValue(key, out var owner) && owner == id ? index.Remove(key) : index;
}
