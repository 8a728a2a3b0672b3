using Microsoft.Data.Sqlite;
using Penstock.Storage;
using Penstock.Storage.Sqlite;

namespace Penstock.Tests.Storage.Sqlite;

/// <summary>A ledger's file, seen past the seam.</summary>
internal sealed class LedgerDatabase(string file)
{
    public SqliteUsageStore Store() =>
        new(new SqliteDatabase(file, TimeProvider.System, Migration.Embedded(SqliteMigrations.Ledger)));

    public long Number(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Execute(string sql)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>One column of the rows in the order of their ids, as text.</summary>
    public List<string> Column(string name)
    {
        using var connection = Connect();
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {name} FROM requests ORDER BY request_id";
        using var reader = command.ExecuteReader();
        var values = new List<string>();
        while (reader.Read())
        {
            values.Add(reader.IsDBNull(0) ? "" : reader.GetString(0));
        }

        return values;
    }

    /// <summary>Holds the database's one place for a writer until it is disposed.</summary>
    public IDisposable Hold()
    {
        var connection = Connect();
        connection.BeginTransaction(deferred: false);
        return connection;
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        return connection;
    }
}
