using Microsoft.Data.Sqlite;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Storage.Sqlite;

/// <summary>One database file and how connections to it are set up.</summary>
internal sealed class SqliteDatabase(string path, TimeProvider time, IReadOnlyList<Migration> migrations)
{
    public const string FileName = "penstock.db";
    public const string LedgerFileName = "ledger.db";

    // SQLite's own words for "this is no database of ours".
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    public SqliteDatabase(string path, TimeProvider time)
        : this(path, time, Migration.Embedded(SqliteMigrations.Registry)) { }

    /// <summary>
    /// A connection that keeps what it committed: write-ahead log, flushed to the disk at each commit. Foreign keys are
    /// on, and a backup program that holds the file for a moment is waited for.
    /// </summary>
    public SqliteConnection Open()
    {
        BlockingWork.Begin();
        var settings = new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            ForeignKeys = true,
            // One connection lives as long as the store and others are rare: a pool would only keep files open.
            Pooling = false,
            // Seconds; how long a locked database is waited for.
            DefaultTimeout = 5,
        };
        var connection = new SqliteConnection(settings.ToString());
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = Sql.ConfigureConnection;
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Explained(path, error);
        }
    }

    /// <summary>A connection to the newest schema.</summary>
    public async Task<SqliteConnection> OpenMigratedAsync(CancellationToken cancellationToken)
    {
        var connection = Open();
        try
        {
            await new SqliteMigrations(migrations, time).ApplyAsync(connection, cancellationToken);
            return connection;
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw Explained(path, error);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>In an operator's words.</summary>
    public static StoreException Explained(string path, SqliteException error) =>
        error.SqliteErrorCode is NotADatabase or Corrupt
            ? new StoreException($"{path} is not a usable SQLite database: move it away or restore a backup.", error)
            : new StoreException($"The database {path} cannot be opened: {error.Message}", error);
}
