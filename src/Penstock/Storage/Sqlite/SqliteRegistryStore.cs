using Microsoft.Data.Sqlite;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// The registry in a SQLite file. Calls block their thread while the disk works: whoever calls is not on a socket's
/// event loop. One connection stays open for the writer, so that the log is not folded in after every change.
/// </summary>
internal sealed class SqliteRegistryStore(SqliteDatabase database, SecretBox secrets) : IRegistryStore, IDisposable
{
    private SqliteConnection? _writer;

    /// <summary>The data folder is held by one process.</summary>
    public bool IsShared => false;

    public async Task<StoredRegistry> LoadAsync(CancellationToken cancellationToken)
    {
        BlockingWork.Begin();
        _writer ??= await database.OpenMigratedAsync(cancellationToken);
        await using var transaction = _writer.BeginTransaction(deferred: true);
        var stored = await new RegistryReader(_writer, secrets, cancellationToken).ReadAsync();
        secrets.Keep();
        return stored;
    }

    public async Task<bool> CommitAsync(ChangeSet changes, long revision, CancellationToken cancellationToken)
    {
        BlockingWork.Begin();
        var connection = _writer ?? throw new InvalidOperationException("The store has not been loaded yet.");
        await using var transaction = connection.BeginTransaction(deferred: false);
        if (await connection.ExecuteAsync(RegistrySql.NextRevision, cancellationToken, ("@revision", revision)) == 0)
        {
            return false;
        }

        await connection.ExecuteAsync(Sql.DeferReferences, cancellationToken);
        await new RegistryWriter(connection, secrets, cancellationToken).WriteAsync(changes);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    public async Task<long> ReadRevisionAsync(CancellationToken cancellationToken)
    {
        await using var connection = database.Open();
        var rows = await connection.RowsAsync(RegistrySql.SelectRevision, row => row.GetInt64(0), cancellationToken);
        return rows.Single();
    }

    public async Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    )
    {
        await using var connection = database.Open();
        return await AuditTable.ReadAsync(connection, before, limit, cancellationToken);
    }

    public void Dispose() => _writer?.Dispose();
}
