using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>
/// kill -9 while a gateway brings a shared database to the newest schema. The server holds it at each statement of the
/// schema in turn, and at the commit, so that every kill lands where it is meant to.
/// </summary>
public sealed class PostgresMigrationKillTests : IAsyncLifetime
{
    private const string TablesThere =
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1";

    private static readonly Dictionary<string, string?> Settings = new(StringComparer.Ordinal)
    {
        ["PENSTOCK__Secrets__Key"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)3, 32)]),
        ["PENSTOCK__Database__ConnectSeconds"] = "20",
    };

    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await PostgresServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_gateway_killed_at_any_statement_of_a_step_or_its_commit_leaves_a_database_that_opens()
    {
        await _server.QueryAsync("postgres", "CREATE DATABASE released");
        await FirstRelease.MakeAsync(_server, "released");
        var before = await TablesAsync("released");
        await PostgresGate.BuildAsync(
            _server,
            "released",
            PostgresGate.AtStatements,
            PostgresGate.AtCommitOf("schema_migrations", "INSERT")
        );

        var landed = await KillEverywhereAsync("released", every: 1, AssertNothingIsLostAsync);

        // The steps that are left have more statements than one, and the last stop is in the commit: what the server was told
        // to do, it does, though nobody is there to hear of it.
        Assert.True(landed.Count > 2, $"Killed at {landed.Count} statements.");
        Assert.All(landed.SkipLast(1), tables => Assert.Equal(before, tables));
        Assert.Contains("requests", landed[^1]);
    }

    [Fact]
    public async Task A_gateway_killed_while_it_makes_the_schema_leaves_whole_steps_alone()
    {
        await _server.QueryAsync("postgres", "CREATE DATABASE released");
        await FirstRelease.MakeAsync(_server, "released");
        var afterTheFirst = await TablesAsync("released");
        await _server.QueryAsync("postgres", "CREATE DATABASE empty");
        await PostgresGate.BuildAsync(_server, "empty", PostgresGate.AtStatements);

        var landed = await KillEverywhereAsync("empty", every: 4, AssertItIsWritableAsync);

        Assert.Empty(landed[0]);
        Assert.All(landed, tables => Assert.True(tables.Count == 0 || tables.SequenceEqual(afterTheFirst)));
    }

    /// <summary>Kills gateways on copies of a database, one at each place, and starts another behind each.</summary>
    /// <returns>Which tables each of those that were killed had left.</returns>
    private async Task<List<IReadOnlyList<string>>> KillEverywhereAsync(
        string template,
        int every,
        Func<GatewayProcess, string, Task> check
    )
    {
        await CopyAsync(template, "unharmed");
        await OpenAsync("unharmed", check);
        var (newest, stops) = (
            await TablesAsync("unharmed"),
            await new PostgresGate(_server, "unharmed").PassedAsync()
        );
        var landed = new List<IReadOnlyList<string>>();
        for (var stop = 1L; stop <= stops; stop += every)
        {
            var database = $"killed{stop}";
            await CopyAsync(template, database);
            await KillAtAsync(database, stop);
            landed.Add(await TablesAsync(database));
            await OpenAsync(database, check);
            Assert.Equal(newest, await TablesAsync(database));
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"Killed at {landed.Count} of {stops} places.");
        return landed;
    }

    private async Task KillAtAsync(string database, long stop)
    {
        using var folder = new TempFolder();
        string[] place = ["--urls", $"http://127.0.0.1:{FreePort.Take()}", "--data", folder.File("data")];
        await new PostgresGate(_server, database).KillAtAsync(
            stop,
            () =>
                ChildProcess.Start(
                    "dotnet",
                    [Built.Penstock, "serve", .. place, "--no-discovery", "--database", _server.ConnectionTo(database)],
                    Settings,
                    folder.Path
                )
        );
    }

    private async Task OpenAsync(string database, Func<GatewayProcess, string, Task> check)
    {
        using var folder = new TempFolder();
        string[] arguments = ["--no-discovery", "--database", _server.ConnectionTo(database)];
        await using var gateway = await GatewayProcess.StartAsync(folder, arguments, Settings);
        await check(gateway, database);
    }

    private static async Task AssertItIsWritableAsync(GatewayProcess gateway, string database) =>
        await gateway.Admin.CreateAsync("workspaces", new() { ["name"] = "after", ["plan"] = "pro" });

    private async Task AssertNothingIsLostAsync(GatewayProcess gateway, string database)
    {
        (await gateway.WithSecret(Declaration.Secret(FirstRelease.Key)).GetAsync("/v1/models")).Expect(200);
        var rows = await _server.QueryAsync(database, FirstRelease.Contents);
        Assert.Equal([FirstRelease.ContentsOf(FirstRelease.FewKeys)], rows);
        await AssertItIsWritableAsync(gateway, database);
    }

    private async Task CopyAsync(string template, string database)
    {
        await new PostgresGate(_server, template).LeftAloneAsync();
        await _server.QueryAsync("postgres", $"CREATE DATABASE {database} TEMPLATE {template}");
        await new PostgresGate(_server, database).CountAnewAsync();
    }

    private async Task<IReadOnlyList<string>> TablesAsync(string database) =>
        [.. (await _server.QueryAsync(database, TablesThere)).Select(row => row[0])];
}
