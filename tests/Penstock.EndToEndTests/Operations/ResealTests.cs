using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary><c>penstock secrets reseal</c> as an operator uses it, and killed with -9 wherever it stands.</summary>
public sealed class ResealTests : IAsyncLifetime
{
    private const string Model = "m";
    private const string Credential = "sk-of-the-engine";

    /// <summary>Replicas with a credential each.</summary>
    private const int Replicas = 40;

    private const string FirstKey = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";

    private readonly RecordingEngine _engine = new();
    private readonly TempFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private string Data => _folder.File("data");

    private string NewKey => _folder.File("new.key");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task An_embedded_database_is_resealed_and_served_with_the_new_key()
    {
        await FillAsync(["--no-discovery"]);
        var old = await File.ReadAllTextAsync(Path.Combine(Data, "secret.key"), Stop);

        var done = (await ResealAsync("--json")).Expect(0).Json;

        Assert.Equal((Replicas, 0), Counts(done));
        Assert.Equal(Path.Combine(Data, "secret.key"), done["in_place"]!.GetValue<string>());
        Assert.Equal(
            await File.ReadAllTextAsync(NewKey, Stop),
            await File.ReadAllTextAsync(Path.Combine(Data, "secret.key"), Stop)
        );
        Assert.Equal(
            old,
            await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Data, "secret.key.until-*Z")), Stop)
        );
        await AssertServesAsync(["--no-discovery"]);
        var again = (await ResealAsync()).Expect(1);
        Assert.Contains("nothing to do", again.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_ended_between_database_and_key_file_is_told_of_and_ends_when_it_is_run_again()
    {
        await FillAsync(["--no-discovery"]);
        // The same key, named: then the file of the folder is not the verb's to change.
        File.Copy(Path.Combine(Data, "secret.key"), _folder.File("named.key"));
        var first = (await ResealAsync("--old-key", _folder.File("named.key"), "--json")).Expect(0).Json;
        Assert.Null(first["in_place"]);

        var refused = (await ServeAsync(null)).Expect(1);
        var again = (await ResealAsync("--json")).Expect(0).Json;

        Assert.Contains("if secrets reseal was interrupted, run it again", refused.Errors, StringComparison.Ordinal);
        Assert.Equal((0, Replicas), Counts(again));
        await AssertServesAsync(["--no-discovery"]);
    }

    [Fact]
    public async Task A_shared_database_is_resealed_and_the_old_key_is_refused_from_then_on()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("penstock");
        string[] shared = ["--database", server.ConnectionTo("penstock")];
        await FillAsync(["--no-discovery", .. shared], KeyOf(FirstKey));

        (await ResealAsync(KeyOf(FirstKey), shared)).Expect(0);

        await AssertServesAsync(
            ["--no-discovery", .. shared],
            KeyOf((await File.ReadAllTextAsync(NewKey, Stop)).Trim())
        );
        var refused = await ServeAsync(KeyOf(FirstKey), shared);
        Assert.Contains("another secret key", refused.Expect(1).Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_a_gateway_runs_it_is_refused()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("penstock");
        string[] shared = ["--database", server.ConnectionTo("penstock")];
        await using var gateway = await GatewayProcess.StartAsync(
            _folder,
            ["--no-discovery", .. shared],
            KeyOf(FirstKey)
        );

        var ofTheFolder = (await ResealAsync(KeyOf(FirstKey), shared)).Expect(1);
        var elsewhere = await RunAsync(
            ["--data", _folder.File("another"), "--new-key", NewKey, .. shared],
            KeyOf(FirstKey)
        );

        Assert.Contains("in use by another Penstock", ofTheFolder.Errors, StringComparison.Ordinal);
        Assert.Contains("Stop all gateways", elsewhere.Expect(1).Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("another")));
    }

    [Fact]
    public async Task With_a_wrong_old_key_nothing_is_changed()
    {
        await FillAsync(["--no-discovery"]);
        var wrong = _folder.Write("wrong.key", FirstKey);

        var refused = (await ResealAsync("--old-key", wrong)).Expect(1);

        Assert.Contains("neither with the old key nor with the new", refused.Errors, StringComparison.Ordinal);
        await AssertServesAsync(["--no-discovery"]);
    }

    [Fact]
    public async Task A_start_without_the_key_of_its_database_leaves_no_other_in_its_place()
    {
        await FillAsync(["--no-discovery"]);
        var key = Path.Combine(Data, "secret.key");
        File.Move(key, _folder.File("kept"));

        var refused = (await ServeAsync(null)).Expect(1);

        Assert.Contains("has no secret.key", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(key));
        File.Move(_folder.File("kept"), key);
        await AssertServesAsync(["--no-discovery"]);
    }

    [Fact]
    public async Task Killed_at_any_moment_it_leaves_an_embedded_database_sealed_with_one_key()
    {
        await FillAsync(["--no-discovery"]);
        // Work at each row makes the transaction longer than a kill is late.
        await SqliteShell.RunAsync(
            Path.Combine(Data, "penstock.db"),
            """
            CREATE TRIGGER slow AFTER UPDATE ON replicas BEGIN
              SELECT count(*) FROM (
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) SELECT i FROM n);
            END
            """
        );
        var log = new FileInfo(Path.Combine(Data, "penstock.db-wal"));
        var within = 0;
        for (var delay = 0; ; delay += 200)
        {
            await using (var reseal = Start())
            {
                await Until.TrueAsync(() => reseal.HasExited || Exists(log), "the database to be opened");
                await Task.Delay(TimeSpan.FromMilliseconds(delay), TimeProvider.System, CancellationToken.None);
                reseal.KillHard();
                await reseal.WaitForExitAsync();
            }

            var (resealed, already) = await LookAsync();
            Assert.True((resealed, already) is (Replicas, 0) or (0, Replicas), $"{resealed} old, {already} new.");
            if (already == Replicas)
            {
                break;
            }

            within++;
        }

        Assert.True(within > 0, $"{within} kills landed before the commit.");
        TestContext.Current.TestOutputHelper?.WriteLine($"Killed {within} times before the commit.");
        // The last was killed with its database all new, before or after the key file was: run again, it ends what it began.
        await ResealAsync();
        await AssertServesAsync(["--no-discovery"]);
    }

    [Fact]
    public async Task Killed_at_any_row_or_its_commit_it_leaves_a_shared_database_sealed_with_one_key()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("penstock");
        string[] shared = ["--database", server.ConnectionTo("penstock")];
        await FillAsync(["--no-discovery", .. shared], KeyOf(FirstKey));
        await PostgresGate.BuildAsync(
            server,
            "penstock",
            PostgresGate.AtRowsOf("replicas"),
            PostgresGate.AtCommitOf("secret_check", "UPDATE")
        );
        var gate = new PostgresGate(server, "penstock");
        const int AtCommit = Replicas + 1;
        foreach (var stop in (int[])[1, 2, Replicas / 2, Replicas, AtCommit])
        {
            await gate.CountAnewAsync();
            await gate.KillAtAsync(stop, () => Start(KeyOf(FirstKey), shared));

            // Each gateway looks whether its key is the one: with the other it does not start.
            var newKey = (await File.ReadAllTextAsync(NewKey, Stop)).Trim();
            await AssertServesAsync(["--no-discovery", .. shared], KeyOf(stop == AtCommit ? newKey : FirstKey));
            await gate.LeftAloneAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
    }

    private static Dictionary<string, string?> KeyOf(string key) => Setting.Of(("PENSTOCK__Secrets__Key", key));

    private static bool Exists(FileInfo file)
    {
        file.Refresh();
        return file.Exists;
    }

    private static (int Resealed, int Already) Counts(JsonNode done) =>
        (done["resealed"]!.GetValue<int>(), done["already"]!.GetValue<int>());

    /// <summary>A registry with a credential at each replica.</summary>
    private async Task FillAsync(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var declared = new Declaration().Tenant("acme").ToString();
        await using var gateway = await GatewayProcess.StartAsync(
            _folder,
            [.. arguments, "--config", _folder.Write("penstock.yaml", declared)],
            settings
        );
        var replicas = Enumerable
            .Range(0, Replicas)
            .Select(number =>
                (JsonNode)new JsonObject { ["url"] = $"{_engine.Url}/{number}", ["api_key"] = Credential }
            );
        await gateway.DeployAsync(
            "acme",
            Model,
            "org/model",
            _engine.Url,
            deployment => deployment["replicas"] = new JsonArray([.. replicas])
        );
        Assert.Equal(0, await gateway.StopAsync());
    }

    private async Task AssertServesAsync(string[] arguments, IReadOnlyDictionary<string, string?>? settings = null)
    {
        await using var gateway = await GatewayProcess.StartAsync(_folder, arguments, settings);
        _engine.Reset();
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        Assert.Equal($"Bearer {Credential}", Assert.Single(_engine.Requests).Header("Authorization"));
        Assert.Equal(0, await gateway.StopAsync());
    }

    private Task<ProcessResult> ServeAsync(IReadOnlyDictionary<string, string?>? settings, params string[] more)
    {
        string[] place = ["--urls", $"http://127.0.0.1:{FreePort.Take()}", "--data", Data, "--no-discovery"];
        return new Cli(settings ?? Setting.Of()).RunAsync(["serve", .. place, .. more]);
    }

    private Task<ProcessResult> ResealAsync(params string[] more) => ResealAsync(Setting.Of(), more);

    private Task<ProcessResult> ResealAsync(IReadOnlyDictionary<string, string?> settings, params string[] more) =>
        RunAsync(["--data", Data, "--new-key", NewKey, .. more], settings);

    private static Task<ProcessResult> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string?> settings
    ) => new Cli(settings).RunAsync(["secrets", "reseal", .. arguments]);

    private ChildProcess Start(IReadOnlyDictionary<string, string?>? settings = null, params string[] more) =>
        ChildProcess.Start(
            "dotnet",
            [Built.Penstock, "secrets", "reseal", "--data", Data, "--new-key", NewKey, .. more],
            settings
        );

    /// <summary>How a copy of the database is sealed: what the verb would do with it, and what it would not need to.</summary>
    private async Task<(int Resealed, int Already)> LookAsync()
    {
        using var copy = new TempFolder();
        foreach (var file in Directory.GetFiles(Data))
        {
            File.Copy(file, copy.File(Path.GetFileName(file)));
        }

        File.Delete(copy.File("lock"));
        await SqliteShell.RunAsync(copy.File("penstock.db"), "DROP TRIGGER slow");
        // By the key from before: the one in the folder may be the new one already.
        var kept = Directory.GetFiles(Data, "secret.key.until-*Z").FirstOrDefault() ?? Path.Combine(Data, "secret.key");
        var done = await RunAsync(
            ["--data", copy.Path, "--new-key", NewKey, "--old-key", kept, "--json"],
            Setting.Of()
        );
        return Counts(done.Expect(0).Json);
    }
}
