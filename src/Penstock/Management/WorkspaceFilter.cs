using Penstock.Registry;

namespace Penstock.Management;

/// <summary>The <c>workspace</c> of a list's query: a name, an id, or <c>*</c> for what all share.</summary>
internal static class WorkspaceFilter
{
    /// <summary>Which owners are asked for; a refusal where there is no such workspace.</summary>
    public static (Func<Guid?, bool>? Matches, ManagementAnswer? Refusal) Of(string? workspace, RegistryState state)
    {
        if (workspace is null)
        {
            return (_ => true, null);
        }

        if (workspace == Workspace.All)
        {
            return (owner => owner is null, null);
        }

        return state.FindWorkspace(workspace) is { } known
            ? (owner => owner == known.Id, null)
            : (null, ManagementErrors.NotFound("workspace", workspace));
    }
}
