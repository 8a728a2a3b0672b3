using System.Diagnostics;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// A PostgreSQL server of the tests' own, in a temporary folder, on a loopback port. A shell stands between: it ends the
/// server and its folder when its input closes, so that none outlives the tests however they end.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>As root a server does not run: then it is the user that Debian's package has made for it.</summary>
    private const string Script = """
        folder=$1 bin=$2 port=$3
        as=
        if [ "$(id -u)" = 0 ]; then
          chown postgres "$folder"
          as="setpriv --reuid=postgres --regid=postgres --clear-groups"
        fi
        cd "$folder"
        $as "$bin/initdb" -D data -U postgres -A trust -E UTF8 --locale=C --no-sync >init.log 2>&1
        $as "$bin/postgres" -D data -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories= \
          -c fsync=off -c shared_buffers=64MB -c max_connections=300 -c max_wal_size=4GB >server.log 2>&1 &
        server=$!
        read -r _ || true
        kill -QUIT $server
        wait $server || true
        cd / && rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgresServer>> Shared = new(StartAsync);

    private readonly Process _keeper;
    private readonly string _folder;
    private readonly int _port;
    private int _databases;

    private PostgresServer(Process keeper, string folder, int port) =>
        (_keeper, _folder, _port) = (keeper, folder, port);

    private static string Bin { get; } = FindBin();

    /// <summary>An empty database on the server that all tests of this process share.</summary>
    /// <returns>How to connect to it.</returns>
    public static async Task<string> NewDatabaseAsync() => await (await Shared.Value).CreateDatabaseAsync();

    /// <summary>A server for one test, which may stop it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("penstock-postgres-").FullName;
        var port = FreePort.Take();
        var start = new ProcessStartInfo("sh", ["-euc", Script, "postgres", folder, Bin, $"{port}"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
        };
        var server = new PostgresServer(Process.Start(start)!, folder, port);
        await server.ReadyAsync();
        return server;
    }

    public int Port => _port;

    /// <summary>A database of a role of its own, both with the same name.</summary>
    public async Task CreateDatabaseAsync(string name)
    {
        await SqlAsync("postgres", $"CREATE ROLE {name} LOGIN");
        await SqlAsync("postgres", $"CREATE DATABASE {name} OWNER {name}");
    }

    /// <summary>What a query gives, a row a line, its columns behind bars.</summary>
    public async Task<IReadOnlyList<string[]>> QueryAsync(string database, string sql)
    {
        var output = await SqlAsync(database, sql);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('|'))];
    }

    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await SqlAsync("postgres", $"CREATE DATABASE {name}");
        return ConnectionTo(name);
    }

    /// <summary>How a gateway connects to a database, as the server's owner.</summary>
    public string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    /// <summary>The same in the words of PostgreSQL's own tools.</summary>
    public string UriOf(string database) => $"postgresql://postgres@127.0.0.1:{_port}/{database}";

    /// <summary>Runs one of PostgreSQL's own tools to its end.</summary>
    public static async Task ToolAsync(string program, params string[] arguments)
    {
        var (code, _, error) = await RunAsync(program, arguments);
        if (code != 0)
        {
            throw new InvalidOperationException($"{program}: {error}");
        }
    }

    /// <summary>Lets nobody in any more and throws out who is there; or lets them in again.</summary>
    public static async Task AwayAsync(string connection, bool away)
    {
        var server = await Shared.Value;
        var name = connection[(connection.LastIndexOf('=') + 1)..];
        await server.SqlAsync("postgres", $"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {(away ? "false" : "true")}");
        if (away)
        {
            await server.SqlAsync(
                "postgres",
                $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private async Task ReadyAsync()
    {
        for (var tries = 0; !await IsReadyAsync(); tries++)
        {
            if (_keeper.HasExited || tries > 600)
            {
                throw new InvalidOperationException($"PostgreSQL did not start: see the logs in {_folder}.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, CancellationToken.None);
        }
    }

    private async Task<bool> IsReadyAsync() =>
        (await RunAsync("pg_isready", ["-h", "127.0.0.1", "-p", $"{_port}"])).Code == 0;

    private async Task<string> SqlAsync(string database, string sql)
    {
        string[] arguments = ["-h", "127.0.0.1", "-p", $"{_port}", "-U", "postgres", "-d", database, "-qAtXc", sql];
        var (code, output, error) = await RunAsync("psql", arguments);
        return code == 0 ? output : throw new InvalidOperationException($"psql: {error}");
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(Path.Combine(Bin, program), arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        var text = await output;
        await process.WaitForExitAsync();
        return (process.ExitCode, text, error);
    }

    /// <summary>Where Debian keeps the newest; its command line finds no server's programs.</summary>
    private static string FindBin()
    {
        const string Versions = "/usr/lib/postgresql";
        var found = Directory.Exists(Versions) ? Directory.GetDirectories(Versions) : [];
        return found.Select(version => Path.Combine(version, "bin")).Where(HasServer).Order().LastOrDefault()
            ?? throw new InvalidOperationException("PostgreSQL is not installed: ./test does that.");
    }

    private static bool HasServer(string bin) => File.Exists(Path.Combine(bin, "initdb"));
}
