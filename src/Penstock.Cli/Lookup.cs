using Penstock.Contracts;

namespace Penstock.Cli;

/// <summary>Finds the id of what a person names: ids are for programs.</summary>
internal static class Lookup
{
    public static async Task<string> KeyAsync(VerbCall call, string idOrName, string? workspace)
    {
        if (Guid.TryParse(idOrName, out _))
        {
            return idOrName;
        }

        var keys = await Paging.AllAsync(
            (page, cancel) => call.Client.ListKeysAsync(workspace, page, cancel),
            call.Cancel
        );
        return One("key", idOrName, [.. Current(keys, idOrName).Select(k => (k.Id, k.Workspace))]);
    }

    /// <summary>A revoked key and one that was rotated keep their name; it means the key that is in use.</summary>
    private static List<KeyResource> Current(IReadOnlyList<KeyResource> keys, string name)
    {
        var named = keys.Where(k => k.Name == name).ToList();
        var rotated = named.Select(k => k.RotatedFrom).OfType<Guid>().ToHashSet();
        var current = named.FindAll(k => k.RevokedAt is null && !rotated.Contains(k.Id));
        return current.Count > 0 ? current : named;
    }

    public static async Task<string> DeploymentAsync(VerbCall call, string idOrModel, string? workspace)
    {
        if (Guid.TryParse(idOrModel, out _))
        {
            return idOrModel;
        }

        var deployments = await Paging.AllAsync(
            (page, cancel) => call.Client.ListDeploymentsAsync(workspace, page, cancel),
            call.Cancel
        );
        var found = deployments.Where(d => d.Model == idOrModel).Select(d => (d.Id, d.Workspace));
        return One("deployment", idOrModel, [.. found]);
    }

    private static string One(string kind, string name, IReadOnlyList<(Guid Id, string Workspace)> found) =>
        found switch
        {
            [var (id, _)] => id.ToString(),
            [] => throw VerbFailure.Failed($"there is no {kind} \"{name}\" (not_found)"),
            _ => throw VerbFailure.Failed(
                $"{found.Count} {kind}s are called \"{name}\"; say which by --workspace or by id: "
                    + string.Join(", ", found.Take(10).Select(f => $"{f.Id} (workspace {f.Workspace})"))
            ),
        };
}
