using System.Text.Json;
using Microsoft.Data.Sqlite;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>Writes one change set inside a transaction.</summary>
internal sealed class SqliteRegistryWriter(
    SqliteConnection connection,
    SqliteTransaction transaction,
    SecretBox secrets
)
{
    /// <summary>What a sealed credential is bound to.</summary>
    public static string OwnerOf(Guid deployment) => $"deployment {deployment:D}";

    /// <summary>
    /// First every changed record goes, then every record comes in as it is now: so two that swap a name or a secret
    /// never meet, whatever their order.
    /// </summary>
    public void Write(ChangeSet changes)
    {
        Execute(Sql.DeferReferences);
        foreach (var change in changes.Records.Where(change => change.Before is not null).Reverse())
        {
            Execute(DeletionOf(change.Kind), ("$id", change.Id));
        }

        foreach (var change in changes.Records)
        {
            Insert(change.After);
        }

        foreach (var entry in changes.Audit)
        {
            Insert(entry);
        }
    }

    private static string DeletionOf(ResourceKind kind) =>
        kind switch
        {
            ResourceKind.Plan => Sql.DeletePlan,
            ResourceKind.Workspace => Sql.DeleteWorkspace,
            ResourceKind.Key => Sql.DeleteKey,
            ResourceKind.Deployment => Sql.DeleteDeployment,
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of resource."),
        };

    private void Insert(object? record)
    {
        switch (record)
        {
            case null:
                break;
            case Plan plan:
                Insert(plan);
                break;
            case Workspace workspace:
                Insert(workspace);
                break;
            case KeyRecord key:
                Insert(key);
                break;
            case DeploymentRecord deployment:
                Insert(deployment);
                break;
            default:
                throw new ArgumentException(
                    $"{record.GetType().Name} is not a record of the registry.",
                    nameof(record)
                );
        }
    }

    private void Insert(Plan plan) =>
        Execute(
            Sql.InsertPlan,
            ("$name", plan.Name),
            ("$requests_per_minute", plan.RequestsPerMinute),
            ("$max_requests_per_minute", plan.MaxRequestsPerMinute),
            ("$burst", plan.Burst),
            ("$keys", plan.Keys),
            ("$priority", plan.Priority)
        );

    private void Insert(Workspace workspace) =>
        Execute(
            Sql.InsertWorkspace,
            ("$id", workspace.Id),
            ("$name", workspace.Name),
            ("$plan", workspace.Plan),
            ("$created_at", workspace.CreatedAt)
        );

    private void Insert(KeyRecord key) =>
        Execute(
            Sql.InsertKey,
            ("$id", key.Id),
            ("$workspace_id", key.WorkspaceId),
            ("$name", key.Name),
            ("$hash", key.Hash.ToBytes()),
            ("$hint", key.Hint),
            ("$requests_per_minute", key.RequestsPerMinute),
            ("$burst", key.Burst),
            ("$models", key.Models is { } models ? Json(models) : null),
            ("$permissions", Json(key.Permissions)),
            ("$expires_at", key.ExpiresAt),
            ("$revoked_at", key.RevokedAt),
            ("$superseded_at", key.SupersededAt),
            ("$rotated_from", key.RotatedFrom),
            ("$created_at", key.CreatedAt)
        );

    private void Insert(DeploymentRecord deployment)
    {
        var settings = DeploymentSettings.Of(deployment);
        Execute(
            Sql.InsertDeployment,
            ("$id", deployment.Id),
            ("$workspace_id", deployment.WorkspaceId),
            ("$model", deployment.Model),
            ("$upstream_model", deployment.UpstreamModel),
            ("$backend", deployment.Backend),
            ("$settings", JsonSerializer.Serialize(settings, StorageJson.Default.DeploymentSettings)),
            ("$created_at", deployment.CreatedAt)
        );
        for (var i = 0; i < deployment.Replicas.Count; i++)
        {
            Insert(deployment.Replicas[i], deployment.Id, i);
        }
    }

    private void Insert(ReplicaRecord replica, Guid deployment, int position) =>
        Execute(
            Sql.InsertReplica,
            ("$deployment_id", deployment),
            ("$position", position),
            ("$url", replica.Url),
            ("$sealed_api_key", replica.ApiKey is { } secret ? secrets.Seal(secret, OwnerOf(deployment)) : null),
            ("$api_key_env", replica.ApiKeyEnv),
            ("$api_key_file", replica.ApiKeyFile),
            ("$weight", replica.Weight),
            ("$drained", replica.Drained)
        );

    private void Insert(AuditEntry entry) =>
        Execute(
            Sql.InsertAudit,
            ("$at", entry.At),
            ("$actor", entry.Actor),
            ("$action", entry.Action),
            ("$kind", entry.Kind),
            ("$id", entry.Id),
            ("$before", entry.Before),
            ("$after", entry.After)
        );

    private static string Json(IReadOnlyList<string> texts) =>
        JsonSerializer.Serialize(texts, StorageJson.Default.IReadOnlyListString);

    private void Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Bind(name, value);
        }

        command.ExecuteNonQuery();
    }
}
