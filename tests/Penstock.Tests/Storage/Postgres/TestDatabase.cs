using System.Globalization;
using Npgsql;
using Penstock.EndToEndTests.Harness;
using Penstock.Storage;
using Penstock.Storage.Postgres;

namespace Penstock.Tests.Storage.Postgres;

/// <summary>A database of one test on a real server, and what lies in it past the seam.</summary>
internal sealed class TestDatabase : IDisposable
{
    private readonly List<PostgresDatabase> _opened = [];

    private TestDatabase(string connection) => Connection = connection;

    public string Connection { get; }

    public static async Task<TestDatabase> NewAsync() => new(await PostgresServer.NewDatabaseAsync());

    /// <summary>As another gateway opens it.</summary>
    public PostgresDatabase Open(IReadOnlyList<Migration>? steps = null, Action<DatabaseOptions>? with = null)
    {
        // Many tests at once on a busy machine: the bounds end a hang here.
        var options = new DatabaseOptions
        {
            Connection = Connection,
            ConnectSeconds = 60,
            CommandSeconds = 60,
            PollTimeoutSeconds = 60,
            Connections = 4,
        };
        with?.Invoke(options);
        var database = new PostgresDatabase(options, TimeProvider.System, steps);
        _opened.Add(database);
        return database;
    }

    public PostgresRegistryStore OpenRegistry(SecretBox secrets) => new(Open(), secrets, new DatabaseOptions());

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> NumberAsync(string sql) =>
        Convert.ToInt64((await ColumnAsync(sql)).Single(), CultureInfo.InvariantCulture);

    /// <summary>The first column as text.</summary>
    public async Task<List<string>> ColumnAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await reader.ReadAsync())
        {
            values.Add(Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture)!);
        }

        return values;
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(Connection + ";Pooling=false;Timeout=60;Command Timeout=60");
        await connection.OpenAsync();
        return connection;
    }

    public void Dispose() => _opened.ForEach(database => database.Dispose());
}
