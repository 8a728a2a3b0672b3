namespace Penstock.Registry.Changes;

/// <summary>The changes a deployment can undergo.</summary>
internal sealed class DeploymentChanges(UpstreamCredentials credentials)
{
    public DeploymentRecord? Create(RegistryDraft draft, Declared<DeploymentSpec> declared)
    {
        var id = declared.Value.Id ?? Guid.CreateVersion7(draft.At);
        if (draft.After.Deployments.ContainsKey(id))
        {
            draft.Mistakes.Add(declared.At("id"), MistakeCodes.AlreadyExists, $"there is a deployment {id:D} already");
            return null;
        }

        return Put(draft, declared, id, draft.At, Replicas(declared, []));
    }

    /// <summary>A replica that says nothing of a credential keeps the one its URL had, and stays drained if it was.</summary>
    public DeploymentRecord? Update(
        RegistryDraft draft,
        DeploymentRecord deployment,
        Declared<DeploymentSpec> declared
    ) => Put(draft, declared, deployment.Id, deployment.CreatedAt, Replicas(declared, deployment.Replicas));

    /// <summary>As the file has it: only a credential that a file cannot hold is kept.</summary>
    public DeploymentRecord? Replace(
        RegistryDraft draft,
        DeploymentRecord deployment,
        Declared<DeploymentSpec> declared
    )
    {
        var stored = deployment
            .Replicas.Where(replica => replica.ApiKey is not null)
            .Select(replica => replica with { Drained = false });
        return Put(draft, declared, deployment.Id, deployment.CreatedAt, Replicas(declared, ValueList.Of(stored)));
    }

    /// <summary>Takes a replica, or all of them, out of use or back into it.</summary>
    /// <param name="url">null: all of them.</param>
    public static DeploymentRecord? Drain(RegistryDraft draft, DeploymentRecord deployment, string? url, bool drained)
    {
        if (url is not null && !deployment.Replicas.Any(replica => replica.Url == url))
        {
            var known = Suggestion.For(url, deployment.Replicas.Select(replica => replica.Url));
            var message = $"there is no replica \"{url}\"{known}";
            draft.Mistakes.Add(Place.Nowhere, MistakeCodes.InvalidValue, message);
            return null;
        }

        var record = deployment with
        {
            Replicas = ValueList.Of(
                deployment.Replicas.Select(replica =>
                    url is null || replica.Url == url ? replica with { Drained = drained } : replica
                )
            ),
        };
        draft.Put(record);
        return record;
    }

    public static bool Delete(RegistryDraft draft, DeploymentRecord deployment)
    {
        draft.Remove(deployment);
        return true;
    }

    private DeploymentRecord? Put(
        RegistryDraft draft,
        Declared<DeploymentSpec> declared,
        Guid id,
        DateTimeOffset createdAt,
        ValueList<ReplicaRecord> replicas
    )
    {
        if (!TryFindWorkspace(draft, declared, out var workspace))
        {
            return null;
        }

        var record = declared.Value.ToRecord(id, workspace, replicas, createdAt);
        CheckCredentials(draft, declared, draft.Before.Deployments.GetValueOrDefault(id));
        CheckFallbacks(draft, declared);
        draft.Asked(ResourceKind.Deployment, RegistryDraft.IdOf(id), declared.At);
        draft.Put(record);
        return record;
    }

    private static ValueList<ReplicaRecord> Replicas(Declared<DeploymentSpec> declared, ValueList<ReplicaRecord> before)
    {
        return ValueList.Of(declared.Value.Replicas.Select(WithCredential));

        ReplicaRecord WithCredential(ReplicaSpec spec)
        {
            if (before.FirstOrDefault(other => other.Url == spec.Record.Url) is not { } known)
            {
                return spec.Record;
            }

            var kept = spec.SaysCredential ? spec.Record : known with { Weight = spec.Record.Weight };
            return kept with { Drained = spec.SaysDrained ? spec.Record.Drained : known.Drained };
        }
    }

    /// <summary>A credential that is named must be there: found out now, not by the first caller.</summary>
    private void CheckCredentials(RegistryDraft draft, Declared<DeploymentSpec> declared, DeploymentRecord? before)
    {
        for (var i = 0; i < declared.Value.Replicas.Count; i++)
        {
            var replica = declared.Value.Replicas[i].Record;
            var unchanged = before?.Replicas.Contains(replica) ?? false;
            if (!unchanged && credentials.Resolve(replica).Problem is { } problem)
            {
                draft.Mistakes.Add(declared.At($"replicas[{i}]"), MistakeCodes.InvalidValue, problem);
            }
        }
    }

    private static void CheckFallbacks(RegistryDraft draft, Declared<DeploymentSpec> declared)
    {
        for (var i = 0; i < declared.Value.Fallbacks.Count; i++)
        {
            if (declared.Value.Fallbacks[i] == declared.Value.Model)
            {
                var message = "a model cannot be its own fallback";
                draft.Mistakes.Add(declared.At($"fallbacks[{i}]"), MistakeCodes.InvalidValue, message);
            }
        }
    }

    private static bool TryFindWorkspace(RegistryDraft draft, Declared<DeploymentSpec> declared, out Guid? id)
    {
        var name = declared.Value.Workspace;
        if (name == Workspace.All)
        {
            id = null;
            return true;
        }

        id = draft.After.FindWorkspace(name)?.Id;
        if (id is null && name.Length > 0)
        {
            var known = Suggestion.For(name, draft.After.Workspaces.Values.Select(workspace => workspace.Name));
            var message = $"there is no workspace \"{name}\"{known}";
            draft.Mistakes.Add(declared.At("workspace"), MistakeCodes.InvalidValue, message);
        }

        return id is not null;
    }
}
