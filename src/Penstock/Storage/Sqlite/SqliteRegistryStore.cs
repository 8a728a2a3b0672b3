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

    public Task<RegistryState> LoadAsync(CancellationToken cancellationToken)
    {
        BlockingWork.Begin();
        if (_writer is null)
        {
            var connection = database.Open();
            try
            {
                database.Migrate(connection);
            }
            catch
            {
                connection.Dispose();
                throw;
            }

            _writer = connection;
        }

        return Task.FromResult(new SqliteRegistryReader(_writer, secrets).Read());
    }

    public Task CommitAsync(ChangeSet changes, CancellationToken cancellationToken)
    {
        BlockingWork.Begin();
        var connection = _writer ?? throw new InvalidOperationException("The store has not been loaded yet.");
        using var transaction = connection.BeginTransaction(deferred: false);
        new SqliteRegistryWriter(connection, transaction, secrets).Write(changes);
        transaction.Commit();
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long? before, int limit, CancellationToken cancellationToken)
    {
        using var connection = database.Open();
        using var command = connection.CreateCommand();
        command.CommandText = Sql.SelectAudit;
        command.Parameters.AddWithValue("$before", before ?? long.MaxValue);
        command.Parameters.AddWithValue("$limit", limit);
        using var reader = command.ExecuteReader();
        var entries = new List<AuditEntry>();
        while (reader.Read())
        {
            entries.Add(
                new AuditEntry(
                    reader.GetInt64(0),
                    reader.Moment(1),
                    reader.GetString(2),
                    reader.GetString(3),
                    reader.GetString(4),
                    reader.GetString(5),
                    reader.TextOrNull(6),
                    reader.TextOrNull(7)
                )
            );
        }

        return Task.FromResult<IReadOnlyList<AuditEntry>>(entries);
    }

    public void Dispose() => _writer?.Dispose();
}
