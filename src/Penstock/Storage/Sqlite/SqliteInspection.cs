using Microsoft.Data.Sqlite;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>
/// Looks into a database file that a running server may be using. Only reads: no file is made or changed, no lock is
/// taken that a server would wait for.
/// </summary>
/// <param name="secrets">Opens the credentials; null: there is no key file.</param>
internal sealed class SqliteInspection(string path, SecretBox? secrets, IReadOnlyList<Migration> known)
{
    // Seconds that a writer in the midst of a commit is waited for.
    private const int Patience = 2;

    /// <summary>As it is while a server runs, and after one that was killed: reading it so makes no new file.</summary>
    private bool IsShared => File.Exists(LogPath) && File.Exists(path + "-shm");

    /// <summary>The path as a URI, the only form in which SQLite can be told that a file does not change.</summary>
    private string Unchanging
    {
        get
        {
            var names = path.Replace(Path.DirectorySeparatorChar, '/').TrimStart('/').Split('/');
            return $"file:///{string.Join('/', names.Select(Uri.EscapeDataString))}?immutable=1";
        }
    }

    private string LogPath => path + "-wal";

    public async Task<StoreFindings> LookAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            return new StoreFindings { Exists = false };
        }

        var shared = IsShared;
        if (!shared && new FileInfo(LogPath) is { Exists: true, Length: > 0 })
        {
            return Unusable(
                $"{path} has an unfinished log without its index, as a copy of a running server's files has. It cannot "
                    + "be read without changing it: start Penstock on it once, or copy it with sqlite3's VACUUM INTO."
            );
        }

        var findings = await LookAsync(shared, cancellationToken);
        // A server that started meanwhile may have changed the file under us: what was seen may be half of two states.
        return !shared && IsShared ? await LookAsync(shared: true, cancellationToken) : findings;
    }

    private async Task<StoreFindings> LookAsync(bool shared, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = Open(shared);
            return Number(connection, Sql.CountMigrationTables) > 0
                ? await ReadAsync(connection, cancellationToken)
                : Foreign(connection);
        }
        catch (SqliteException error)
        {
            return Unusable(SqliteDatabase.Explained(path, error).Message);
        }
        catch (StoreException error)
        {
            return Unusable(error.Message);
        }
    }

    private async Task<StoreFindings> ReadAsync(SqliteConnection connection, CancellationToken cancellationToken)
    {
        var missing = await new MigrationHistory(known).MissingAsync(connection, path, cancellationToken);
        var findings = new StoreFindings
        {
            Exists = true,
            NewestSchema = known[^1].Number,
            MissingSteps = missing.Count,
            Damage = QuickCheck(connection),
        };
        // The tables are to be seen as of one commit.
        await using var transaction = connection.BeginTransaction(deferred: true);
        return missing.Count > 0 || findings.Damage.Count > 0
            ? findings
            : await StoreContents.ReadAsync(connection, findings, path, secrets, cancellationToken);
    }

    private StoreFindings Foreign(SqliteConnection connection) =>
        Number(connection, Sql.CountTables) == 0
            ? new StoreFindings
            {
                Exists = true,
                NewestSchema = known[^1].Number,
                MissingSteps = known.Count,
                State = RegistryState.Empty,
            }
            : Unusable($"{path} is a SQLite database, but not a Penstock's: move it away or restore a backup.");

    private static StoreFindings Unusable(string problem) => new() { Exists = true, Problem = problem };

    /// <param name="shared">
    /// If not, SQLite is told that the file does not change: it would make the files of a log beside it otherwise.
    /// </param>
    private SqliteConnection Open(bool shared)
    {
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = shared ? path : Unchanging,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
            DefaultTimeout = Patience,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static List<string> QuickCheck(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Sql.QuickCheck;
        using var reader = command.ExecuteReader();
        var damage = new List<string>();
        while (reader.Read())
        {
            damage.Add(reader.GetString(0));
        }

        return damage is ["ok"] ? [] : damage;
    }

    private static long Number(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }
}
