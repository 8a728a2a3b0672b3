using System.Data.Common;
using Penstock.Registry;

namespace Penstock.Storage;

/// <summary>Which steps of the schema a database has had, as its own table tells.</summary>
internal sealed class MigrationHistory(IReadOnlyList<Migration> known)
{
    private const string Select = "SELECT version, checksum FROM schema_migrations";

    private const string Insert = """
        INSERT INTO schema_migrations (version, name, checksum, applied_at)
        VALUES (@version, @name, @checksum, @applied_at)
        """;

    /// <summary>The steps that a database lacks, in order. It is only read.</summary>
    /// <param name="database">How its operator knows it.</param>
    /// <exception cref="StoreException">It is newer than this program, or of another one.</exception>
    public async Task<IReadOnlyList<Migration>> MissingAsync(
        DbConnection connection,
        string database,
        CancellationToken cancellationToken
    )
    {
        var rows = await connection.RowsAsync(
            Select,
            row => KeyValuePair.Create(row.GetInt32(0), row.GetString(1)),
            cancellationToken
        );
        var applied = rows.ToDictionary(row => row.Key, row => row.Value);
        Refuse(applied, database);
        return [.. known.Where(migration => !applied.ContainsKey(migration.Number))];
    }

    /// <summary>Runs one step and notes it, inside the caller's transaction.</summary>
    public static async Task ApplyAsync(
        DbConnection connection,
        Migration migration,
        DateTimeOffset at,
        CancellationToken cancellationToken
    )
    {
        await connection.ExecuteAsync(migration.Sql, cancellationToken);
        await connection.ExecuteAsync(
            Insert,
            cancellationToken,
            ("@version", migration.Number),
            ("@name", migration.Name),
            ("@checksum", migration.Checksum),
            ("@applied_at", at)
        );
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
}
