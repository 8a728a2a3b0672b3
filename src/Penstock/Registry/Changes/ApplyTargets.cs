namespace Penstock.Registry.Changes;

/// <summary>Which records of the registry a file speaks of.</summary>
internal sealed class ApplyTargets
{
    private readonly Dictionary<Declared<DeploymentSpec>, DeploymentRecord> _deployments = [];
    private readonly HashSet<Guid> _namedDeployments = [];
    private readonly HashSet<Guid> _namedWorkspaces = [];
    private readonly HashSet<(Guid Workspace, string Name)> _namedKeys = [];

    public ApplyTargets(RegistryDraft draft, RegistryFile file)
    {
        var state = draft.Before;
        foreach (var workspace in file.Workspaces)
        {
            if (state.FindWorkspace(workspace.Value.Name) is { } known)
            {
                _namedWorkspaces.Add(known.Id);
            }
        }

        foreach (var key in file.Keys)
        {
            if (state.FindWorkspace(key.Value.Workspace) is { } known)
            {
                _namedKeys.Add((known.Id, key.Value.Name));
            }
        }

        FindDeployments(draft, file);
    }

    public DeploymentRecord? Find(Declared<DeploymentSpec> declared) => _deployments.GetValueOrDefault(declared);

    public bool Names(DeploymentRecord deployment) => _namedDeployments.Contains(deployment.Id);

    public bool Names(Workspace workspace) => _namedWorkspaces.Contains(workspace.Id);

    /// <summary>A name stands for its key and for those that key took over from.</summary>
    public bool Names(KeyRecord key) => _namedKeys.Contains((key.WorkspaceId, key.Name));

    /// <summary>Those with an id first: what they claim is no longer meant by workspace and model alone.</summary>
    private void FindDeployments(RegistryDraft draft, RegistryFile file)
    {
        var state = draft.Before;
        foreach (var declared in file.Deployments.Where(item => item.Value.Id is not null))
        {
            if (state.Deployments.TryGetValue(declared.Value.Id!.Value, out var known))
            {
                Claim(declared, known);
            }
        }

        var others = state
            .Deployments.Values.Where(other => !_namedDeployments.Contains(other.Id))
            .ToLookup(other => (other.WorkspaceId, other.Model));
        foreach (var declared in file.Deployments.Where(item => item.Value.Id is null))
        {
            var shared = declared.Value.Workspace == Workspace.All;
            var workspace = shared ? null : state.FindWorkspace(declared.Value.Workspace)?.Id;
            if (!shared && workspace is null)
            {
                continue;
            }

            var candidates = others[(workspace, declared.Value.Model)].ToList();
            if (candidates.Count > 1)
            {
                var message = $"{candidates.Count} deployments offer this model: say by its id which one is meant";
                draft.Mistakes.Add(declared.At("model"), MistakeCodes.InvalidValue, message);
            }

            candidates.ForEach(candidate => Claim(declared, candidate));
        }
    }

    private void Claim(Declared<DeploymentSpec> declared, DeploymentRecord known)
    {
        _deployments[declared] = known;
        _namedDeployments.Add(known.Id);
    }
}
