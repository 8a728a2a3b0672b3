using System.Data;
using Npgsql;
using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>The registry that several gateways share.</summary>
internal sealed class PostgresRegistryStore(PostgresDatabase database, SecretBox secrets, DatabaseOptions options)
    : IRegistryStore
{
    /// <summary>What the sealed check is bound to.</summary>
    public const string CheckOwner = "the database";

    private static readonly Secret CheckText = new("penstock");

    private volatile bool _keyIsRight;

    public bool IsShared => true;

    public Task<StoredRegistry> LoadAsync(CancellationToken cancellationToken) =>
        database.UseAsync(
            async connection =>
            {
                await CheckKeyAsync(connection, cancellationToken);
                await using var transaction = await connection.BeginTransactionAsync(
                    IsolationLevel.RepeatableRead,
                    cancellationToken
                );
                return await new RegistryReader(connection, secrets, cancellationToken).ReadAsync();
            },
            cancellationToken
        );

    public Task<bool> CommitAsync(ChangeSet changes, long revision, CancellationToken cancellationToken) =>
        database.UseAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
                var next = await connection.ExecuteAsync(
                    RegistrySql.NextRevision,
                    cancellationToken,
                    ("@revision", revision)
                );
                if (next == 0)
                {
                    return false;
                }

                await new RegistryWriter(connection, secrets, cancellationToken).WriteAsync(changes);
                await transaction.CommitAsync(cancellationToken);
                return true;
            },
            cancellationToken
        );

    public Task<long> ReadRevisionAsync(CancellationToken cancellationToken) =>
        database.UseAsync(
            async connection =>
            {
                await using var command = new NpgsqlCommand(RegistrySql.SelectRevision, connection);
                command.CommandTimeout = options.PollTimeoutSeconds;
                return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
            },
            cancellationToken
        );

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database.UseAsync(
            connection => AuditTable.ReadAsync(connection, before, limit, cancellationToken),
            cancellationToken
        );

    /// <summary>
    /// With another key than the others' a gateway would seal credentials that they cannot open, and find out about theirs
    /// when the first one is made. It is better told at its start.
    /// </summary>
    private async Task CheckKeyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_keyIsRight)
        {
            return;
        }

        var kept = await ReadCheckAsync(connection, cancellationToken);
        if (kept.Count == 0)
        {
            // The first gateway of all, or one of several at once.
            var mine = secrets.Seal(CheckText, CheckOwner);
            await connection.ExecuteAsync(PostgresSql.InsertCheck, cancellationToken, ("@sealed", mine));
            kept = await ReadCheckAsync(connection, cancellationToken);
        }

        try
        {
            secrets.Open(kept.Single(), CheckOwner);
            _keyIsRight = true;
        }
        catch (StoreException error)
        {
            throw new StoreException(
                $"The database {database.Name} belongs to gateways with another secret key than this one's. Give all of "
                    + $"them the same by Secrets:Key or Secrets:KeyFile, or the same {SealingKey.FileName} in their data "
                    + "folders.",
                error
            );
        }
    }

    private static Task<List<byte[]>> ReadCheckAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) => connection.RowsAsync(PostgresSql.SelectCheck, row => row.GetFieldValue<byte[]>(0), cancellationToken);
}
