namespace Penstock.Registry.Changes;

/// <summary>The changes a workspace can undergo. Unknown plans and names that are taken are the state rules' to find.</summary>
internal static class WorkspaceChanges
{
    public static Workspace Create(RegistryDraft draft, Declared<WorkspaceSpec> declared)
    {
        var workspace = new Workspace
        {
            Id = Guid.CreateVersion7(draft.At),
            Name = declared.Value.Name,
            Plan = declared.Value.Plan,
            Limits = declared.Value.Limits,
            CreatedAt = draft.At,
        };
        return Put(draft, workspace, declared);
    }

    public static Workspace Update(RegistryDraft draft, Workspace workspace, Declared<WorkspaceSpec> declared) =>
        Put(
            draft,
            workspace with
            {
                Name = declared.Value.Name,
                Plan = declared.Value.Plan,
                Limits = declared.Value.Limits,
            },
            declared
        );

    /// <summary>Removes it with its keys that can no longer be used; what is still of use must be removed first.</summary>
    public static bool Delete(RegistryDraft draft, Workspace workspace)
    {
        var keys = draft.After.Keys.Values.Where(key => key.WorkspaceId == workspace.Id).ToList();
        var usable = keys.Count(key => IsUsable(key, draft.At));
        var deployments = draft.After.Deployments.Values.Count(other => other.WorkspaceId == workspace.Id);
        if (usable + deployments > 0)
        {
            var message =
                $"workspace \"{workspace.Name}\" still has {usable} usable keys and {deployments} deployments: "
                + "revoke and delete them first";
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.InUse, message);
            return false;
        }

        keys.ForEach(draft.Remove);
        draft.Remove(workspace);
        return true;
    }

    private static Workspace Put(RegistryDraft draft, Workspace workspace, Declared<WorkspaceSpec> declared)
    {
        draft.Asked(ResourceKind.Workspace, RegistryDraft.IdOf(workspace.Id), declared.At);
        if (Guid.TryParse(workspace.Name, out _))
        {
            var message = "must not look like a UUID: ids and names are taken in the same places";
            draft.Mistakes.Add(declared.At("name"), MistakeCodes.InvalidValue, message);
        }

        draft.Put(workspace);
        return workspace;
    }

    private static bool IsUsable(KeyRecord key, DateTimeOffset now) =>
        key.RevokedAt is null && (key.ExpiresAt is null || key.ExpiresAt > now);
}
