using Microsoft.Data.Sqlite;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Brings a database to the newest schema, forward only. Each step and its row in schema_migrations are one
/// transaction, so a step is applied whole or not at all, and a database this program does not know is left alone.
/// </summary>
internal sealed class SqliteMigrations(IReadOnlyList<SqliteMigration> known, TimeProvider time)
{
    public void Apply(SqliteConnection connection)
    {
        Execute(connection, null, Sql.CreateMigrationTable);
        foreach (var migration in Missing(connection, connection.DataSource))
        {
            // Takes the write lock before looking, so that two programs cannot both apply a step.
            using var transaction = connection.BeginTransaction(deferred: false);
            Execute(connection, transaction, migration.Sql);
            using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = Sql.InsertMigration;
            command.Parameters.AddWithValue("$version", migration.Number);
            command.Parameters.AddWithValue("$name", migration.Name);
            command.Parameters.AddWithValue("$checksum", migration.Checksum);
            command.Parameters.AddWithValue("$applied_at", time.GetUtcNow().ToUnixTimeMilliseconds());
            command.ExecuteNonQuery();
            transaction.Commit();
        }
    }

    /// <summary>The steps that a database lacks, in order. It is only read.</summary>
    /// <exception cref="StoreException">It is newer than this program, or of another one.</exception>
    public IReadOnlyList<SqliteMigration> Missing(SqliteConnection connection, string database)
    {
        var applied = Applied(connection);
        Refuse(applied, database);
        return [.. known.Where(migration => !applied.ContainsKey(migration.Number))];
    }

    private static Dictionary<int, string> Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql.SelectMigrations;
        using var reader = command.ExecuteReader();
        var applied = new Dictionary<int, string>();
        while (reader.Read())
        {
            applied.Add(reader.GetInt32(0), reader.GetString(1));
        }

        return applied;
    }

    private void Refuse(Dictionary<int, string> applied, string database)
    {
        var newest = known.Max(migration => migration.Number);
        if (applied.Count > 0 && applied.Keys.Max() is var found && found > newest)
        {
            throw new StoreException(
                $"The database {database} was made by a newer Penstock: its schema is {found}, this program knows "
                    + $"{newest}. Start the newer program, or restore the backup from before its first start."
            );
        }

        foreach (var migration in known)
        {
            if (applied.TryGetValue(migration.Number, out var checksum) && checksum != migration.Checksum)
            {
                throw new StoreException(
                    $"The database {database} has another migration {migration.Name} than this program: one of the two "
                        + "is not a released Penstock. Start the program that made it, or restore a backup."
                );
            }
        }
    }

    private static void Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
