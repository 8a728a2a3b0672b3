using System.Collections.Frozen;
using Penstock.Keys;

namespace Penstock.Registry;

/// <summary>
/// Keys as the path of a request sees them. Revoked and expired ones are among them, so that their holders hear why.
/// </summary>
internal static class Grants
{
    public static IReadOnlyList<KeyGrant> Of(RegistryState state) =>
        [.. state.Keys.Values.Select(key => Of(key, state.Workspaces[key.WorkspaceId], state))];

    /// <summary>The key's own limit or the plan's, never above the plan's ceiling.</summary>
    public static int EffectiveLimit(int? ofKey, Plan plan) =>
        Math.Max(1, Math.Min(ofKey ?? plan.RequestsPerMinute ?? 1, plan.MaxRequestsPerMinute ?? int.MaxValue));

    private static KeyGrant Of(KeyRecord key, Workspace workspace, RegistryState state)
    {
        var plan = state.Plans[workspace.Plan];
        var limit = EffectiveLimit(key.RequestsPerMinute, plan);
        return new KeyGrant
        {
            KeyId = key.Id,
            KeyName = key.Name,
            Hash = key.Hash,
            WorkspaceId = workspace.Id,
            Workspace = workspace.Name,
            Plan = plan.Name,
            RequestsPerMinute = limit,
            // A tenth of a minute's budget lets a page of parallel calls through and keeps the average.
            Burst = key.Burst ?? plan.Burst ?? Math.Max(1, limit / 10),
            Priority = plan.Priority,
            Models = key.Models?.ToFrozenSet(StringComparer.Ordinal),
            EngineControls = key.Permissions.Contains(KeyPermissions.EngineControls, StringComparer.Ordinal),
            ExpiresAt = key.ExpiresAt,
            Revoked = key.RevokedAt is not null,
        };
    }
}
