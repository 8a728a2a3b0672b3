namespace Penstock.Registry.Changes;

/// <summary>
/// Makes a draft equal to a file for everything the file names. A plan and a workspace are known by name, a key by
/// workspace and name, a deployment by its id or else by workspace and model.
/// </summary>
internal sealed class RegistryApply(KeyChanges keys, DeploymentChanges deployments)
{
    /// <param name="prune">Whether what the file does not name goes.</param>
    public ApplyOutcome Run(RegistryDraft draft, RegistryFile file, bool prune)
    {
        var targets = new ApplyTargets(draft, file);
        if (prune)
        {
            Prune(draft, file, targets);
        }

        foreach (var plan in file.Plans)
        {
            PlanChanges.Put(draft, plan);
        }

        foreach (var declared in file.Workspaces)
        {
            Put(draft, declared);
        }

        var notes = new List<string>();
        foreach (var declared in file.Keys)
        {
            Put(draft, declared, notes);
        }

        foreach (var declared in file.Deployments)
        {
            Put(draft, declared, targets);
        }

        // A draft that breaks a rule may not even have names for everything in it, and is not applied anyway.
        return draft.Mistakes.Any ? new ApplyOutcome([], notes) : new ApplyOutcome(ChangeList.Of(draft), notes);
    }

    private static void Put(RegistryDraft draft, Declared<WorkspaceSpec> declared)
    {
        if (draft.After.FindWorkspace(declared.Value.Name) is { } workspace && workspace.Name == declared.Value.Name)
        {
            WorkspaceChanges.Update(draft, workspace, declared);
        }
        else
        {
            WorkspaceChanges.Create(draft, declared);
        }
    }

    /// <summary>
    /// A key that was revoked stays revoked, and a secret that was rotated away does not come back: what an operator did
    /// in an emergency is not undone by the next reading of an older file.
    /// </summary>
    private void Put(RegistryDraft draft, Declared<KeySpec> declared, List<string> notes)
    {
        var spec = declared.Value;
        var workspace = draft.After.FindWorkspace(spec.Workspace);
        var holder = spec.Credential is { } credential ? draft.Before.FindKey(credential.Hash) : null;
        if (holder is { IsCurrent: false } && holder.WorkspaceId == workspace?.Id && holder.Name == spec.Name)
        {
            var why = holder.RevokedAt is not null ? "revoked" : "rotated away";
            notes.Add($"line {declared.At("name").Line}: the secret of key \"{spec.Name}\" was {why} and stays so");
            if (holder.RevokedAt is not null)
            {
                return;
            }

            spec = spec with { Credential = null };
        }

        var named = declared with { Value = spec };
        var target = workspace is null ? null : draft.After.FindCurrentKey(workspace.Id, spec.Name);
        if (target is null)
        {
            keys.Create(draft, named);
            return;
        }

        // The same secret, whose end we may know from the day it was made: the file knows its hash only.
        var same = spec.Credential?.Hash == target.Hash;
        named = same ? named with { Value = spec with { Credential = null } } : named;
        KeyRules.CheckCeiling(draft, named, workspace!, previous: null);
        keys.Update(draft, target, named);
    }

    private void Put(RegistryDraft draft, Declared<DeploymentSpec> declared, ApplyTargets targets)
    {
        if (targets.Find(declared) is { } target)
        {
            deployments.Replace(draft, target, declared);
        }
        else
        {
            deployments.Create(draft, declared);
        }
    }

    private static void Prune(RegistryDraft draft, RegistryFile file, ApplyTargets targets)
    {
        foreach (var deployment in draft.Before.Deployments.Values.Where(other => !targets.Names(other)))
        {
            draft.Remove(deployment);
        }

        // A revoked key can do nothing any more, and says so to whoever still holds it.
        foreach (var key in draft.Before.Keys.Values.Where(key => key.RevokedAt is null && !targets.Names(key)))
        {
            draft.Remove(key);
        }

        foreach (var workspace in draft.Before.Workspaces.Values.Where(workspace => !targets.Names(workspace)))
        {
            foreach (var key in draft.After.Keys.Values.Where(key => key.WorkspaceId == workspace.Id))
            {
                draft.Remove(key);
            }

            foreach (var deployment in draft.After.Deployments.Values.Where(other => other.WorkspaceId == workspace.Id))
            {
                draft.Remove(deployment);
            }

            draft.Remove(workspace);
        }

        var plans = file.Plans.Select(plan => plan.Value.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var plan in draft.Before.Plans.Values.Where(plan => !plans.Contains(plan.Name)))
        {
            if (ShippedPlans.Find(plan.Name) is { } shipped)
            {
                draft.Put(shipped);
            }
            else
            {
                draft.Remove(plan);
            }
        }
    }
}
