using System.Data.Common;
using System.Text.Json;
using Penstock.Keys;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>Reads the whole registry inside a transaction, so that the tables are seen as of one commit.</summary>
internal sealed class RegistryReader(DbConnection connection, SecretBox secrets, CancellationToken cancellationToken)
{
    public async Task<StoredRegistry> ReadAsync()
    {
        var revision = await RowsAsync(RegistrySql.SelectRevision, row => row.GetInt64(0));
        var state = RegistryState.Empty;
        state = (await RowsAsync(RegistrySql.SelectPlans, Plan)).Aggregate(state, (next, plan) => next.With(plan));
        state = (await RowsAsync(RegistrySql.SelectWorkspaces, Workspace)).Aggregate(state, (next, x) => next.With(x));
        state = (await RowsAsync(RegistrySql.SelectKeys, Key)).Aggregate(state, (next, key) => next.With(key));
        var replicas = (await RowsAsync(RegistrySql.SelectReplicas, Replica)).ToLookup(
            row => row.Deployment,
            row => row.Replica
        );
        var deployments = await RowsAsync(RegistrySql.SelectDeployments, row => Deployment(row, replicas));
        return new StoredRegistry(deployments.Aggregate(state, (next, one) => next.With(one)), revision.Single());
    }

    private Task<List<T>> RowsAsync<T>(string sql, Func<DbDataReader, T> read) =>
        connection.RowsAsync(sql, read, cancellationToken);

    private static Plan Plan(DbDataReader row) =>
        new()
        {
            Name = row.GetString(0),
            RequestsPerMinute = row.NumberOrNull(1),
            MaxRequestsPerMinute = row.NumberOrNull(2),
            Burst = row.NumberOrNull(3),
            Keys = row.GetBoolean(4),
            Priority = row.GetInt32(5),
            Limits = Limits(row, 6),
        };

    private static Workspace Workspace(DbDataReader row) =>
        new()
        {
            Id = row.Id(0),
            Name = row.GetString(1),
            Plan = row.GetString(2),
            CreatedAt = row.Moment(3),
            Limits = Limits(row, 4),
            Credited = row.IsDBNull(5) ? null : row.GetInt64(5),
        };

    private static KeyRecord Key(DbDataReader row) =>
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
            Limits = Limits(row, 14),
        };

    private static DeploymentRecord Deployment(DbDataReader row, ILookup<Guid, ReplicaRecord> replicas)
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
            Price = settings.Price,
            Usage = settings.Usage,
            CreatedAt = row.Moment(6),
        };
    }

    private (Guid Deployment, ReplicaRecord Replica) Replica(DbDataReader row)
    {
        var deployment = row.Id(0);
        var replica = new ReplicaRecord
        {
            Url = row.GetString(1),
            ApiKey = row.BytesOrNull(2) is { } box ? secrets.Open(box, RegistryWriter.OwnerOf(deployment)) : null,
            ApiKeyEnv = row.TextOrNull(3),
            ApiKeyFile = row.TextOrNull(4),
            Weight = row.GetInt32(5),
            Drained = row.GetBoolean(6),
        };
        return (deployment, replica);
    }

    private static Allowance Limits(DbDataReader row, int column) =>
        row.TextOrNull(column) is { } json
            ? JsonSerializer.Deserialize(json, StorageJson.Default.Allowance)!
            : Allowance.Unlimited;

    private static ValueList<string> Texts(string json) =>
        ValueList.Of(JsonSerializer.Deserialize(json, StorageJson.Default.StringArray)!);
}
