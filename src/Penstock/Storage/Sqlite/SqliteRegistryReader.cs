using System.Text.Json;
using Microsoft.Data.Sqlite;
using Penstock.Keys;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>Reads the whole registry from an open database, as of one moment.</summary>
internal sealed class SqliteRegistryReader(SqliteConnection connection, SecretBox secrets)
{
    public RegistryState Read()
    {
        // One transaction, so that the tables are seen as of the same commit.
        using var transaction = connection.BeginTransaction(deferred: true);
        var state = RegistryState.Empty;
        state = Rows(Sql.SelectPlans, Plan, transaction).Aggregate(state, (next, plan) => next.With(plan));
        state = Rows(Sql.SelectWorkspaces, Workspace, transaction).Aggregate(state, (next, item) => next.With(item));
        state = Rows(Sql.SelectKeys, Key, transaction).Aggregate(state, (next, key) => next.With(key));
        var replicas = Rows(Sql.SelectReplicas, Replica, transaction)
            .ToLookup(row => row.Deployment, row => row.Replica);
        var deployments = Rows(Sql.SelectDeployments, row => Deployment(row, replicas), transaction);
        return deployments.Aggregate(state, (next, deployment) => next.With(deployment));
    }

    private List<T> Rows<T>(string sql, Func<SqliteDataReader, T> read, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static Plan Plan(SqliteDataReader row) =>
        new()
        {
            Name = row.GetString(0),
            RequestsPerMinute = row.NumberOrNull(1),
            MaxRequestsPerMinute = row.NumberOrNull(2),
            Burst = row.NumberOrNull(3),
            Keys = row.GetBoolean(4),
            Priority = row.GetInt32(5),
        };

    private static Workspace Workspace(SqliteDataReader row) =>
        new()
        {
            Id = row.Id(0),
            Name = row.GetString(1),
            Plan = row.GetString(2),
            CreatedAt = row.Moment(3),
        };

    private static KeyRecord Key(SqliteDataReader row) =>
        new()
        {
            Id = row.Id(0),
            WorkspaceId = row.Id(1),
            Name = row.GetString(2),
            Hash = ApiKeyHash.FromBytes(row.GetFieldValue<byte[]>(3)),
            Hint = row.GetString(4),
            RequestsPerMinute = row.NumberOrNull(5),
            Burst = row.NumberOrNull(6),
            Models = row.TextOrNull(7) is { } models ? Texts(models) : null,
            Permissions = Texts(row.GetString(8)),
            ExpiresAt = row.MomentOrNull(9),
            RevokedAt = row.MomentOrNull(10),
            SupersededAt = row.MomentOrNull(11),
            RotatedFrom = row.IdOrNull(12),
            CreatedAt = row.Moment(13),
        };

    private static DeploymentRecord Deployment(SqliteDataReader row, ILookup<Guid, ReplicaRecord> replicas)
    {
        var id = row.Id(0);
        var settings = JsonSerializer.Deserialize(row.GetString(5), StorageJson.Default.DeploymentSettings)!;
        return new DeploymentRecord
        {
            Id = id,
            WorkspaceId = row.IdOrNull(1),
            Model = row.GetString(2),
            UpstreamModel = row.GetString(3),
            Backend = row.GetString(4),
            Replicas = ValueList.Of(replicas[id]),
            Limits = settings.Limits,
            Defaults = settings.Defaults,
            Timeouts = settings.Timeouts,
            Attempts = settings.Attempts,
            Routing = settings.Routing,
            Continuity = settings.Continuity,
            Fallbacks = ValueList.Of(settings.Fallbacks),
            CreatedAt = row.Moment(6),
        };
    }

    private (Guid Deployment, ReplicaRecord Replica) Replica(SqliteDataReader row)
    {
        var deployment = row.Id(0);
        var replica = new ReplicaRecord
        {
            Url = row.GetString(1),
            ApiKey = row.BytesOrNull(2) is { } box ? secrets.Open(box, SqliteRegistryWriter.OwnerOf(deployment)) : null,
            ApiKeyEnv = row.TextOrNull(3),
            ApiKeyFile = row.TextOrNull(4),
            Weight = row.GetInt32(5),
            Drained = row.GetBoolean(6),
        };
        return (deployment, replica);
    }

    private static ValueList<string> Texts(string json) =>
        ValueList.Of(JsonSerializer.Deserialize(json, StorageJson.Default.StringArray)!);
}
