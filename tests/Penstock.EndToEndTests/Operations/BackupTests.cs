using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>
/// Backup and restore as docs/operating.md describes them, word for word, while the gateway serves and writes: what was there
/// before is in it to the last token, and what came meanwhile is in it whole or not at all.
/// </summary>
public sealed class BackupTests : IAsyncLifetime
{
    private const string Model = "m";
    private const string Credential = "sk-of-the-engine";

    /// <summary>Requests of the key that asks nothing during the backup.</summary>
    private const int Calm = 7;

    private readonly RecordingEngine _engine = new();
    private readonly TempFolder _folder = new();
    private readonly TempFolder _restored = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task SQLite_backed_up_while_it_serves_is_restored_into_an_empty_folder()
    {
        await using (var gateway = await GatewayProcess.StartAsync(_folder, Declare()))
        {
            await PrepareAsync(gateway);
            await WhileItServesAsync(gateway, BackUpAsync);
        }

        async Task BackUpAsync()
        {
            Directory.CreateDirectory(_restored.File("data"));
            await SqliteShell.RunAsync(
                _folder.File("data/penstock.db"),
                $"VACUUM INTO '{_restored.File("data/penstock.db")}'"
            );
            await SqliteShell.RunAsync(
                _folder.File("data/ledger.db"),
                $"VACUUM INTO '{_restored.File("data/ledger.db")}'"
            );
            File.Copy(_folder.File("data/secret.key"), _restored.File("data/secret.key"));
        }

        await using var again = await GatewayProcess.StartAsync(_restored, ["--no-discovery"]);
        await AssertRestoredAsync(again);
    }

    [Fact]
    public async Task PostgreSQL_dumped_while_gateways_serve_is_restored_into_a_new_database()
    {
        await using var server = await PostgresServer.StartAsync();
        await server.CreateDatabaseAsync("penstock");
        await server.CreateDatabaseAsync("restored");
        var oneKey = Setting.Of(("PENSTOCK__Secrets__Key", Convert.ToBase64String(new byte[32])));
        await using (
            var gateway = await GatewayProcess.StartAsync(
                _folder,
                [.. Declare(), "--database", server.ConnectionTo("penstock")],
                oneKey
            )
        )
        {
            await PrepareAsync(gateway);
            var dump = _folder.File("penstock.dump");
            await WhileItServesAsync(
                gateway,
                () => PostgresServer.ToolAsync("pg_dump", "--format=custom", $"--file={dump}", server.UriOf("penstock"))
            );
            string[] options = ["--clean", "--if-exists", "--no-owner", "--exit-on-error"];
            await PostgresServer.ToolAsync("pg_restore", [.. options, $"--dbname={server.UriOf("restored")}", dump]);
        }

        await using var again = await GatewayProcess.StartAsync(
            _restored,
            ["--no-discovery", "--database", server.ConnectionTo("restored")],
            oneKey
        );
        await AssertRestoredAsync(again);
    }

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        _folder.Dispose();
        _restored.Dispose();
    }

    private string[] Declare() =>
        [
            "--no-discovery",
            "--config",
            _folder.Write(
                "penstock.yaml",
                new Declaration().Tenant("acme").Key("calm", "acme").Key("busy", "acme").ToString()
            ),
        ];

    private async Task PrepareAsync(GatewayProcess gateway)
    {
        await gateway.DeployAsync(
            "acme",
            Model,
            "org/model",
            _engine.Url,
            deployment => deployment["replicas"]![0]!["api_key"] = Credential
        );
        for (var i = 0; i < Calm; i++)
        {
            (await gateway.As("calm").ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        }

        await Until.TrueAsync(
            async () => (await UsageAsync(gateway)).GetValueOrDefault("calm")?.Requests == Calm,
            "the ledger to hold what was asked"
        );
    }

    private static async Task WhileItServesAsync(GatewayProcess gateway, Func<Task> backUp)
    {
        await using var traffic = SteadyTraffic.Start(() => gateway.As("busy"), ChatBody.Minimal(Model));
        await Until.TrueAsync(
            async () => (await UsageAsync(gateway)).ContainsKey("busy"),
            "the ledger to be written to"
        );
        await backUp();
        await traffic.MoreAsync(1);
    }

    private async Task AssertRestoredAsync(GatewayProcess gateway)
    {
        var usage = await UsageAsync(gateway);
        Assert.Equal(new Sums(Calm, 7 * Calm, 2 * Calm), usage["calm"]);
        var busy = usage["busy"];
        Assert.Equal(new Sums(busy.Requests, 7 * busy.Requests, 2 * busy.Requests), busy);

        _engine.Reset();
        foreach (var key in (string[])["calm", "busy"])
        {
            (await gateway.As(key).ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        }

        Assert.All(_engine.Requests, one => Assert.Equal($"Bearer {Credential}", one.Header("Authorization")));
        await Until.TrueAsync(
            async () => (await UsageAsync(gateway))["calm"].Requests == Calm + 1,
            "the ledger to go on where the backup ended"
        );
    }

    private static async Task<Dictionary<string, Sums>> UsageAsync(GatewayProcess gateway)
    {
        var rows = (await gateway.Cli.RunAsync("usage", "--by", "key", "--json")).Expect(0).Json.AsArray();
        return rows.ToDictionary(
            row => row!["key"]!.GetValue<string>(),
            row => new Sums(
                row!["requests"]!.GetValue<long>(),
                row["prompt_tokens"]!.GetValue<long>(),
                row["completion_tokens"]!.GetValue<long>()
            ),
            StringComparer.Ordinal
        );
    }

    private sealed record Sums(long Requests, long Prompt, long Completion);
}
