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
        }

        foreach (var twins in Twins(state.Workspaces.Values, workspace => workspace.Name))
        {
            var message = $"there is a workspace \"{twins.Key}\" already";
            ReportTwins(draft, ResourceKind.Workspace, twins.Select(twin => (twin.Id, twin.Name)), "name", message);
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

        foreach (var twins in Twins(state.Keys.Values, key => key.Hash))
        {
            var asked = twins.Select(key => (key.Id, key.Name));
            ReportTwins(draft, ResourceKind.Key, asked, "sha256", "another key has this secret already");
        }

        foreach (var twins in Twins(state.Keys.Values.Where(key => key.IsCurrent), key => (key.WorkspaceId, key.Name)))
        {
            var message = $"the workspace has a key \"{twins.Key.Name}\" already";
            ReportTwins(draft, ResourceKind.Key, twins.Select(key => (key.Id, key.Name)), "name", message);
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

    private static IEnumerable<IGrouping<TKey, T>> Twins<T, TKey>(IEnumerable<T> records, Func<T, TKey> key) =>
        records.GroupBy(key).Where(group => group.Skip(1).Any());

    /// <summary>Reports those that were asked for; where all were, the first one in the document may stay.</summary>
    private static void ReportTwins(
        RegistryDraft draft,
        ResourceKind kind,
        IEnumerable<(Guid Id, string Name)> twins,
        string field,
        string message
    )
    {
        var all = twins
            .Select(twin => (twin.Id, twin.Name, Place: draft.PlaceOf(kind, RegistryDraft.IdOf(twin.Id), field)))
            .ToList();
        var asked = all.Where(twin => twin.Place is not null)
            .OrderBy(twin => twin.Place!.Value.Line)
            .ThenBy(twin => twin.Place!.Value.Column)
            .Skip(all.TrueForAll(twin => twin.Place is not null) ? 1 : 0);
        foreach (var twin in asked)
        {
            Report(draft, kind, twin.Id, twin.Name, field, MistakeCodes.AlreadyExists, message);
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
