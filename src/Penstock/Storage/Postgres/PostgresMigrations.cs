using Npgsql;
using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>
/// Brings a database to the newest schema, forward only. Each step and its row in schema_migrations are one transaction
/// under a lock of the server's, so that a step is applied whole or not at all, and once, however many gateways start.
/// </summary>
internal sealed class PostgresMigrations(IReadOnlyList<Migration> known, TimeProvider time)
{
    public const string Series = "Postgres.Migrations";

    /// <summary>The oldest that the tests run on.</summary>
    private const int OldestMajor = 15;

    public async Task ApplyAsync(NpgsqlConnection connection, string database, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestMajor)
        {
            throw new StoreException(
                $"The database {database} is of PostgreSQL {connection.PostgreSqlVersion}: "
                    + $"Penstock needs {OldestMajor} or newer."
            );
        }

        while (await ApplyNextAsync(connection, database, cancellationToken))
        {
            // Between two steps another gateway may have its turn, and take the next.
        }
    }

    private async Task<bool> ApplyNextAsync(
        NpgsqlConnection connection,
        string database,
        CancellationToken cancellationToken
    )
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await connection.ExecuteAsync(PostgresSql.LockSchema, cancellationToken);
        await connection.ExecuteAsync(PostgresSql.CreateMigrationTable, cancellationToken);
        var missing = await new MigrationHistory(known).MissingAsync(connection, database, cancellationToken);
        if (missing.Count > 0)
        {
            await MigrationHistory.ApplyAsync(connection, missing[0], time.GetUtcNow(), cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return missing.Count > 1;
    }
}
