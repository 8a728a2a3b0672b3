using Penstock.Registry.Changes;

namespace Penstock.Registry;

/// <summary>Makes a workspace with one key where there is no workspace yet, so that a first caller can call.</summary>
internal sealed class FirstStart(LiveRegistry registry, KeyChanges keys)
{
    /// <summary>The workspace that is made; engines found on this machine are offered to it.</summary>
    public const string WorkspaceName = "default";

    private const string KeyName = "first";

    /// <summary>The key with its secret, to be shown once; null: there is a workspace already.</summary>
    public async Task<IssuedKey?> EnsureAsync(CancellationToken cancellationToken)
    {
        if (!registry.State.Workspaces.IsEmpty)
        {
            return null;
        }

        var outcome = await registry.ChangeAsync(Actors.FirstStart, Make, cancellationToken);
        return outcome.Refused
            ? throw new StoreException($"The first workspace cannot be made: {outcome.Mistakes[0].Message}")
            : outcome.Value;
    }

    private IssuedKey? Make(RegistryDraft draft)
    {
        if (!draft.After.Workspaces.IsEmpty)
        {
            return null;
        }

        var workspace = new WorkspaceSpec(WorkspaceName, ShippedPlans.Default);
        WorkspaceChanges.Create(draft, Declared<WorkspaceSpec>.ByProgram(workspace));
        var key = KeySpec.New with { Name = KeyName, Workspace = WorkspaceName };
        return keys.Create(draft, Declared<KeySpec>.ByProgram(key));
    }
}
