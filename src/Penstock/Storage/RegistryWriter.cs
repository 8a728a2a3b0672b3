using System.Data.Common;
using System.Text.Json;
using Penstock.Keys;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>Writes one change set inside a transaction. References are checked at its end: records come in any order.</summary>
internal sealed class RegistryWriter(DbConnection connection, SecretBox secrets, CancellationToken cancellationToken)
{
    /// <summary>What a sealed credential is bound to.</summary>
    public static string OwnerOf(Guid deployment) => $"deployment {deployment:D}";

    /// <summary>
    /// First every changed record goes, then every record comes in as it is now: so two that swap a name or a secret
    /// never meet, whatever their order.
    /// </summary>
    public async Task WriteAsync(ChangeSet changes)
    {
        foreach (var change in changes.Records.Where(change => change.Before is not null).Reverse())
        {
            await ExecuteAsync(DeletionOf(change.Kind), ("@id", change.Id));
        }

        foreach (var change in changes.Records)
        {
            await InsertAsync(change.After);
        }

        foreach (var entry in changes.Audit)
        {
            await InsertAsync(entry);
        }
    }

    private static string DeletionOf(ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Plan => RegistrySql.DeletePlan,
            ResourceKind.Workspace => RegistrySql.DeleteWorkspace,
            ResourceKind.Key => RegistrySql.DeleteKey,
            ResourceKind.Deployment => RegistrySql.DeleteDeployment,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of resource."),
        };

    private Task InsertAsync(object? record) =>
        record switch
        {
            null => Task.CompletedTask,
            Plan plan => InsertAsync(plan),
            Workspace workspace => InsertAsync(workspace),
            KeyRecord key => InsertAsync(key),
            DeploymentRecord deployment => InsertAsync(deployment),
            _ => throw new ArgumentException(
                $"{record.GetType().Name} is not a record of the registry.",
                nameof(record)
            ),
        };

    private Task InsertAsync(Plan plan) =>
        ExecuteAsync(
            RegistrySql.InsertPlan,
            ("@name", plan.Name),
            ("@requests_per_minute", plan.RequestsPerMinute),
            ("@max_requests_per_minute", plan.MaxRequestsPerMinute),
            ("@burst", plan.Burst),
            ("@keys", plan.Keys),
            ("@priority", plan.Priority),
            ("@limits", Json(plan.Limits))
        );

    private Task InsertAsync(Workspace workspace) =>
        ExecuteAsync(
            RegistrySql.InsertWorkspace,
            ("@id", workspace.Id),
            ("@name", workspace.Name),
            ("@plan", workspace.Plan),
            ("@created_at", workspace.CreatedAt),
            ("@limits", Json(workspace.Limits)),
            ("@credited", workspace.Credited)
        );

    private Task InsertAsync(KeyRecord key) =>
        ExecuteAsync(
            RegistrySql.InsertKey,
            ("@id", key.Id),
            ("@workspace_id", key.WorkspaceId),
            ("@name", key.Name),
            ("@hash", key.Hash.ToBytes()),
            ("@hint", key.Hint),
            ("@requests_per_minute", key.RequestsPerMinute),
            ("@burst", key.Burst),
            ("@models", key.Models is { } models ? Json(models) : null),
            ("@permissions", Json(key.Permissions)),
            ("@expires_at", key.ExpiresAt),
            ("@revoked_at", key.RevokedAt),
            ("@superseded_at", key.SupersededAt),
            ("@rotated_from", key.RotatedFrom),
            ("@created_at", key.CreatedAt),
            ("@limits", Json(key.Limits))
        );

    private async Task InsertAsync(DeploymentRecord deployment)
    {
        var settings = DeploymentSettings.Of(deployment);
        await ExecuteAsync(
            RegistrySql.InsertDeployment,
            ("@id", deployment.Id),
            ("@workspace_id", deployment.WorkspaceId),
            ("@model", deployment.Model),
            ("@upstream_model", deployment.UpstreamModel),
            ("@backend", deployment.Backend),
            ("@settings", JsonSerializer.Serialize(settings, StorageJson.Default.DeploymentSettings)),
            ("@created_at", deployment.CreatedAt)
        );
        for (var i = 0; i < deployment.Replicas.Count; i++)
        {
            await InsertAsync(deployment.Replicas[i], deployment.Id, i);
        }
    }

    private Task InsertAsync(ReplicaRecord replica, Guid deployment, int position) =>
        ExecuteAsync(
            RegistrySql.InsertReplica,
            ("@deployment_id", deployment),
            ("@position", position),
            ("@url", replica.Url),
            ("@sealed_api_key", replica.ApiKey is { } secret ? secrets.Seal(secret, OwnerOf(deployment)) : null),
            ("@api_key_env", replica.ApiKeyEnv),
            ("@api_key_file", replica.ApiKeyFile),
            ("@weight", replica.Weight),
            ("@drained", replica.Drained)
        );

    public Task InsertAsync(AuditEntry entry) =>
        ExecuteAsync(
            RegistrySql.InsertAudit,
            ("@at", entry.At),
            ("@actor", entry.Actor),
            ("@action", entry.Action),
            ("@kind", entry.Kind),
            ("@id", entry.Id),
            ("@before", entry.Before),
            ("@after", entry.After)
        );

    private static string Json(IReadOnlyList<string> texts) =>
        JsonSerializer.Serialize(texts, StorageJson.Default.IReadOnlyListString);

    private static string? Json(Allowance limits) =>
        limits == Allowance.Unlimited ? null : JsonSerializer.Serialize(limits, StorageJson.Default.Allowance);

    private Task ExecuteAsync(string sql, params (string Name, object? Value)[] parameters) =>
        connection.ExecuteAsync(sql, cancellationToken, parameters);
}
