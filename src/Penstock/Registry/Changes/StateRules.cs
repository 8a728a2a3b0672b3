namespace Penstock.Registry.Changes;

/// <summary>
/// What must hold of the registry as a whole, whoever changed it: references lead somewhere and names are unique.
/// Checked on the state that would result, so that the order of edits within a change does not matter.
/// </summary>
internal static class StateRules
{
    public static void Check(RegistryDraft draft)
    {
        var state = draft.After;
        CheckWorkspaces(draft, state);
        CheckKeys(draft, state);
        CheckDeployments(draft, state);
    }

    private static void CheckWorkspaces(RegistryDraft draft, RegistryState state)
    {
        foreach (var workspace in state.Workspaces.Values)
        {
            if (!state.Plans.ContainsKey(workspace.Plan))
            {
                var known = Suggestion.For(workspace.Plan, state.Plans.Keys);
                Report(
                    draft,
                    workspace,
                    "plan",
                    MistakeCodes.InvalidValue,
                    $"there is no plan \"{workspace.Plan}\"{known}"
                );
            }

            if (state.FindWorkspace(workspace.Name)?.Id != workspace.Id)
            {
                var message = $"there is a workspace \"{workspace.Name}\" already";
                Report(draft, workspace, "name", MistakeCodes.AlreadyExists, message);
            }
        }
    }

    private static void CheckKeys(RegistryDraft draft, RegistryState state)
    {
        foreach (var key in state.Keys.Values)
        {
            if (!state.Workspaces.TryGetValue(key.WorkspaceId, out var workspace))
            {
                Report(draft, key, "workspace", MistakeCodes.InvalidValue, "its workspace would be gone");
                continue;
            }

            if (key.IsCurrent && state.Plans.GetValueOrDefault(workspace.Plan) is { Keys: false })
            {
                var message = $"plan \"{workspace.Plan}\" of workspace \"{workspace.Name}\" has no keys";
                Report(draft, key, "workspace", MistakeCodes.PlanLimitExceeded, message);
            }
        }

        foreach (var twins in state.Keys.Values.GroupBy(key => key.Hash).Where(group => group.Skip(1).Any()))
        {
            ReportTwins(draft, twins, "sha256", "another key has this secret already");
        }

        var current = state.Keys.Values.Where(key => key.IsCurrent);
        foreach (var twins in current.GroupBy(key => (key.WorkspaceId, key.Name)).Where(group => group.Skip(1).Any()))
        {
            ReportTwins(draft, twins, "name", $"the workspace has a key \"{twins.Key.Name}\" already");
        }
    }

    private static void CheckDeployments(RegistryDraft draft, RegistryState state)
    {
        var models = state.Deployments.Values.Select(other => (other.WorkspaceId, other.Model)).ToHashSet();
        foreach (var deployment in state.Deployments.Values)
        {
            if (deployment.WorkspaceId is { } id && !state.Workspaces.ContainsKey(id))
            {
                Report(draft, deployment, "workspace", MistakeCodes.InvalidValue, "its workspace would be gone");
            }

            for (var i = 0; i < deployment.Fallbacks.Count; i++)
            {
                var fallback = deployment.Fallbacks[i];
                if (!models.Contains((deployment.WorkspaceId, fallback)) && !models.Contains((null, fallback)))
                {
                    var visible = models
                        .Where(model => model.WorkspaceId is null || model.WorkspaceId == deployment.WorkspaceId)
                        .Select(model => model.Model);
                    var message = $"no deployment offers model \"{fallback}\" there{Suggestion.For(fallback, visible)}";
                    Report(draft, deployment, $"fallbacks[{i}]", MistakeCodes.InvalidValue, message);
                }
            }
        }
    }

    /// <summary>Reports the twin that was asked for; if both were there before, nothing was asked of them now.</summary>
    private static void ReportTwins(RegistryDraft draft, IEnumerable<KeyRecord> twins, string field, string message)
    {
        var asked = twins
            .Where(key => draft.PlaceOf(ResourceKind.Key, RegistryDraft.IdOf(key.Id), field) is not null)
            .ToList();
        foreach (var key in asked.Count == twins.Count() ? asked.Skip(1) : asked)
        {
            Report(draft, key, field, MistakeCodes.AlreadyExists, message);
        }
    }

    private static void Report(RegistryDraft draft, Workspace workspace, string field, string code, string message) =>
        Report(draft, ResourceKind.Workspace, workspace.Id, workspace.Name, field, code, message);

    private static void Report(RegistryDraft draft, KeyRecord key, string field, string code, string message) =>
        Report(draft, ResourceKind.Key, key.Id, key.Name, field, code, message);

    private static void Report(
        RegistryDraft draft,
        DeploymentRecord deployment,
        string field,
        string code,
        string message
    ) => Report(draft, ResourceKind.Deployment, deployment.Id, deployment.Model, field, code, message);

    /// <summary>At the field that asked for it; what this change does not speak of is named, and in the way.</summary>
    private static void Report(
        RegistryDraft draft,
        ResourceKind kind,
        Guid id,
        string name,
        string field,
        string code,
        string message
    )
    {
        if (draft.PlaceOf(kind, RegistryDraft.IdOf(id), field) is { } place)
        {
            draft.Mistakes.Add(place, code, message);
            return;
        }

        var stands = code == MistakeCodes.InvalidValue ? MistakeCodes.InUse : code;
        draft.Mistakes.Add(Place.Nowhere, stands, $"{kind.Name()} \"{name}\" ({id:D}) stands in the way: {message}");
    }
}
