using Microsoft.Data.Sqlite;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Brings a database to the newest schema, forward only. Each step and its row in schema_migrations are one
/// transaction, so a step is applied whole or not at all, and a database this program does not know is left alone.
/// </summary>
internal sealed class SqliteMigrations(IReadOnlyList<Migration> known, TimeProvider time)
{
    /// <summary>The steps of the registry's database.</summary>
    public const string Registry = "Sqlite.Migrations";

    /// <summary>The steps of the ledger's database.</summary>
    public const string Ledger = "Sqlite.Ledger";

    public async Task ApplyAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        await connection.ExecuteAsync(Sql.CreateMigrationTable, cancellationToken);
        var history = new MigrationHistory(known);
        foreach (var migration in await history.MissingAsync(connection, connection.DataSource, cancellationToken))
        {
            // Takes the write lock at once; another program on the same file is kept out by the data folder's.
            await using var transaction = connection.BeginTransaction(deferred: false);
            await MigrationHistory.ApplyAsync(connection, migration, time.GetUtcNow(), cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }
}
