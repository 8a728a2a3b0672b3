using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>Gateways on a real PostgreSQL: one, two, three at once, and one that loses it for a while.</summary>
public sealed class SharedDatabaseTests : IAsyncLifetime
{
    private const string Model = "m";

    private static readonly Dictionary<string, string?> OneSecretKey = new(StringComparer.Ordinal)
    {
        ["PENSTOCK__Secrets__Key"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]),
        // A pool that is exhausted or a database that hangs shows soon.
        ["PENSTOCK__Database__ConnectSeconds"] = "20",
    };

    private readonly List<TempFolder> _folders = [];
    private readonly List<GatewayProcess> _gateways = [];
    private readonly RecordingEngine _engine = new();
    private string _database = "";

    public async ValueTask InitializeAsync() => _database = await PostgresServer.NewDatabaseAsync();

    [Fact]
    public async Task What_a_first_start_makes_is_there_after_a_restart_and_so_is_what_was_used()
    {
        var folder = Folder();
        var first = await StartAsync(folder);
        await DeployAsync(first);
        var secret = await MakeKeyAsync(first, "ci");
        (await first.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        Assert.Equal(1, await RequestsAsync(first));
        Assert.Equal(0, await first.StopAsync());

        var second = await StartAsync(folder);

        (await second.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        Assert.Equal(2, await RequestsAsync(second));
        Assert.False(File.Exists(Path.Combine(second.DataFolder, "penstock.db")));
    }

    [Fact]
    public async Task A_key_made_at_one_gateway_works_at_the_other_and_one_revoked_is_refused_there()
    {
        var one = await StartAsync(Folder());
        var other = await StartAsync(Folder());
        await DeployAsync(one);
        var secret = await MakeKeyAsync(one, "ci");

        await AnswersAsync(other, secret, 200);
        var id = await KeyIdAsync(one, "ci");
        // Of two that change it one after the other, the second sees the first's change in its own answer.
        (await other.Cli.RunAsync("keys", "set", id, "--rpm", "77")).Expect(0);
        Assert.Equal(
            77,
            (await one.Cli.RunAsync("keys", "set", id, "--models", Model, "--json")).Expect(0).Json[
                "requests_per_minute"
            ]!.GetValue<int>()
        );
        (await one.Cli.RunAsync("keys", "revoke", id)).Expect(0);
        await AnswersAsync(other, secret, 401);
        (await one.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Expect(401);
    }

    [Fact]
    public async Task Three_that_start_together_make_one_key_and_count_into_one_ledger()
    {
        var started = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => StartAsync(Folder())));
        foreach (var gateway in started)
        {
            await gateway.Output.LineAsync(line => line.Contains("  key  ", StringComparison.Ordinal), "the banner");
        }

        var secret = Assert.Single(started.Select(one => KeyForm.FindIn(one.Output.Text())), key => key is not null);
        await DeployAsync(started[0]);
        foreach (var gateway in started)
        {
            await AnswersAsync(gateway, secret!, 200);
        }

        // The row of each is flushed by its own gateway.
        await Until.TrueAsync(async () => await AnsweredAsync(started[1]) == 3, "three rows in the ledger");
    }

    [Fact]
    public async Task While_the_database_is_away_requests_go_on_and_their_rows_come_later()
    {
        var gateway = await StartAsync(Folder());
        await DeployAsync(gateway);
        var secret = await MakeKeyAsync(gateway, "ci");
        await PostgresServer.AwayAsync(_database, away: true);

        (await gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        (await gateway.WithSecret(null).GetAsync("/health/ready")).Expect(200);
        var refused = await gateway.Admin.SendAsync(
            HttpMethod.Post,
            "workspaces",
            new JsonObject { ["name"] = "late", ["plan"] = "pro" }
        );
        Assert.Equal("database_unavailable", refused.Expect(503).Json["error"]!["code"]!.GetValue<string>());
        (await gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Expect(200);

        await PostgresServer.AwayAsync(_database, away: false);
        await Until.TrueAsync(async () => await RequestsAsync(gateway) == 2, "both rows in the ledger");
        await gateway.Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "late", ["plan"] = "pro" });
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_told_and_the_start_ends()
    {
        var port = FreePort.Take();

        var result = await ServeAsync($"Host=127.0.0.1;Port={port};Username=u;Password=pa55word;Database=d");

        result.Expect(1);
        Assert.Contains($"127.0.0.1:{port}/d", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("pa55word", result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_gateway_with_another_secret_key_does_not_start()
    {
        Assert.Equal(0, await (await StartAsync(Folder())).StopAsync());

        // Without a key it would begin with one of its own.
        var result = await ServeAsync(_database);

        result.Expect(1);
        Assert.Contains("another secret key", result.Errors, StringComparison.Ordinal);
        Assert.False(
            File.Exists(_folders[^1].File("data/secret.key")),
            "It leaves no key that nothing is sealed with."
        );
    }

    [Fact]
    public async Task The_doctor_looks_into_the_shared_database()
    {
        var gateway = await StartAsync(Folder());
        string[] doctor = ["doctor", "--data", gateway.DataFolder, "--server", gateway.BaseUrl];
        var before = await new Cli(OneSecretKey).RunAsync([.. doctor, "--database", _database, "--json"]);

        var check = before.Expect(0).Json["checks"]!.AsArray().Single(row => (string?)row!["name"] == "database")!;

        Assert.Contains("workspaces: 1, keys: 1", (string?)check["seen"], StringComparison.Ordinal);
        var nowhere = $"Host=127.0.0.1;Port={FreePort.Take()};Username=u;Database=d";
        (await new Cli(OneSecretKey).RunAsync([.. doctor, "--database", nowhere])).Expect(1);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        _folders.ForEach(folder => folder.Dispose());
        await _engine.DisposeAsync();
    }

    private TempFolder Folder()
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        return folder;
    }

    private async Task<GatewayProcess> StartAsync(TempFolder folder)
    {
        var gateway = await GatewayProcess.StartAsync(
            folder,
            ["--no-discovery", "--database", _database],
            OneSecretKey
        );
        lock (_gateways)
        {
            _gateways.Add(gateway);
        }

        return gateway;
    }

    private Task<ProcessResult> ServeAsync(string database)
    {
        var folder = Folder();
        string[] arguments = ["serve", "--urls", $"http://127.0.0.1:{FreePort.Take()}", "--data", folder.File("data")];
        return ChildProcess.RunAsync(
            "dotnet",
            [Built.Penstock, .. arguments, "--database", database],
            folder: folder.Path
        );
    }

    private Task DeployAsync(GatewayProcess gateway) => gateway.DeployAsync("default", Model, "org/model", _engine.Url);

    private static async Task<string> MakeKeyAsync(GatewayProcess gateway, string name)
    {
        var made = await gateway.Cli.RunAsync("keys", "create", "--workspace", "default", "--name", name, "--json");
        return made.Expect(0).Json["secret"]!.GetValue<string>();
    }

    private static async Task<string> KeyIdAsync(GatewayProcess gateway, string name) =>
        (await gateway.Admin.ListAsync("keys")).Single(key => (string?)key["name"] == name)["id"]!.GetValue<string>();

    /// <summary>Within the bound of a poll, which a test does not measure.</summary>
    private static Task AnswersAsync(GatewayProcess gateway, string secret, int status) =>
        Until.TrueAsync(
            async () => (await gateway.WithSecret(secret).ChatAsync(ChatBody.Minimal(Model))).Status == status,
            $"{gateway.BaseUrl} to answer {status}"
        );

    private static async Task<long> RequestsAsync(GatewayProcess gateway)
    {
        var usage = (await gateway.Cli.RunAsync("usage", "--by", "day", "--json")).Expect(0);
        return usage.Json.AsArray().Sum(row => row!["requests"]!.GetValue<long>());
    }

    private static async Task<long> AnsweredAsync(GatewayProcess gateway)
    {
        var usage = (await gateway.Cli.RunAsync("usage", "--by", "model", "--json")).Expect(0);
        return usage
            .Json.AsArray()
            .Where(row => (string?)row!["model"] == Model)
            .Sum(row => row!["requests"]!.GetValue<long>() - row["errors"]!.GetValue<long>());
    }
}
