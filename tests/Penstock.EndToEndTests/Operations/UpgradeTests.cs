using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>
/// Gateways of a fleet that are replaced one by one, and what an older one does on a schema that a newer one has left. The
/// newer schema is made by hand: columns that this version does not know, and the row that tells of the step.
/// </summary>
public sealed class UpgradeTests : IAsyncLifetime
{
    private const string Model = "m";

    private const string NewerSchema = $"""
        BEGIN;
        ALTER TABLE requests ADD COLUMN newer text NOT NULL DEFAULT 'x';
        ALTER TABLE hourly_sums ADD COLUMN newer bigint NOT NULL DEFAULT 0;
        ALTER TABLE api_keys ADD COLUMN newer text;
        ALTER TABLE replicas ADD COLUMN newer integer NOT NULL DEFAULT 0;
        CREATE TABLE newer (x integer);
        {PostgresGate.Pass};
        INSERT INTO schema_migrations VALUES (99, '0099_newer', 'of a newer program', 0);
        COMMIT;
        """;

    private static readonly Dictionary<string, string?> Settings = Setting.Of(
        ("PENSTOCK__Secrets__Key", Convert.ToBase64String([.. Enumerable.Repeat((byte)5, 32)])),
        ("PENSTOCK__Database__ConnectSeconds", "20")
    );

    private readonly RecordingEngine _engine = new();
    private readonly List<TempFolder> _folders = [];
    private readonly List<GatewayProcess> _gateways = [];
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await PostgresServer.StartAsync();
        await _server.CreateDatabaseAsync("penstock");
    }

    [Fact]
    public async Task A_fleet_replaced_one_by_one_fails_no_request_and_counts_each()
    {
        var declared = new Declaration().Tenant("acme").Deployment("acme", Model, "org/model", _engine.Url).ToString();
        var serving = await StartAsync(declared);
        await using var traffic = SteadyTraffic.Start(() => serving.As("acme"), ChatBody.Minimal(Model));
        for (var next = 0; next < 3; next++)
        {
            var fresh = await StartAsync(declared);
            await traffic.MoreAsync(20);
            var old = serving;
            // As a balancer does: first nothing new, then the signal.
            serving = fresh;
            await traffic.MoreAsync(2);
            Assert.Equal(0, await old.StopAsync());
            await traffic.MoreAsync(20);
        }

        var answered = await traffic.EndAsync();
        await Until.TrueAsync(async () => await RequestsAsync(serving) == answered, $"{answered} rows in the ledger");
    }

    [Fact]
    public async Task On_a_newer_schema_a_running_gateway_goes_on_and_a_start_is_refused()
    {
        var declared = new Declaration().Tenant("acme").Deployment("acme", Model, "org/model", _engine.Url).ToString();
        var running = await StartAsync(declared);
        await using var traffic = SteadyTraffic.Start(() => running.As("acme"), ChatBody.Minimal(Model));
        await traffic.MoreAsync(5);

        await PostgresGate.BuildAsync(_server, "penstock");
        var gate = new PostgresGate(_server, "penstock");
        await gate.CloseAsync(1);
        var migrating = _server.QueryAsync("penstock", NewerSchema);
        await Until.TrueAsync(async () => await gate.PassedAsync() == 1, "the newer one to be within its step");
        // The tables are locked, the ledger's too: its rows wait, requests do not.
        await traffic.MoreAsync(20);
        await gate.OpenAsync();
        await migrating;

        var refused = await ChildProcess.RunAsync("dotnet", [.. Serve(Folder())], Settings);
        refused.Expect(1);
        Assert.Contains("its schema is 99, this program knows", refused.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refused.Errors, StringComparison.Ordinal);
        await traffic.MoreAsync(20);
        // Keys still come and go, and what others change is still read.
        var made = await running.Admin.CreateAsync(
            "keys",
            new JsonObject { ["workspace"] = "acme", ["name"] = "late" }
        );
        var late = running.WithSecret(made["secret"]!.GetValue<string>());
        (await late.ChatAsync(ChatBody.Minimal(Model))).Expect(200);
        await _server.QueryAsync(
            "penstock",
            "BEGIN; UPDATE api_keys SET revoked_at = 1 WHERE name = 'late'; "
                + "UPDATE registry_revision SET revision = revision + 1; COMMIT"
        );
        await Until.TrueAsync(
            async () => (await late.ChatAsync(ChatBody.Minimal(Model))).Status == 401,
            "a key that another gateway has revoked to be refused"
        );
        var answered = await traffic.EndAsync();
        await Until.TrueAsync(async () => await RequestsAsync(running) > answered, $"{answered} rows and one more");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await _engine.DisposeAsync();
        await _server.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    private async Task<GatewayProcess> StartAsync(string declared)
    {
        var folder = Folder();
        string[] arguments = ["--no-discovery", "--config", folder.Write("penstock.yaml", declared)];
        var gateway = await GatewayProcess.StartAsync(
            folder,
            [.. arguments, "--database", _server.ConnectionTo("penstock")],
            Settings
        );
        _gateways.Add(gateway);
        return gateway;
    }

    private IEnumerable<string> Serve(TempFolder folder) =>
        [
            Built.Penstock,
            "serve",
            "--urls",
            $"http://127.0.0.1:{FreePort.Take()}",
            "--data",
            folder.File("data"),
            "--database",
            _server.ConnectionTo("penstock"),
        ];

    private TempFolder Folder()
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        return folder;
    }

    private static async Task<long> RequestsAsync(GatewayProcess gateway)
    {
        var rows = (await gateway.Cli.RunAsync("usage", "--by", "key", "--json")).Expect(0).Json.AsArray();
        return rows.Sum(row => row!["requests"]!.GetValue<long>() - row["errors"]!.GetValue<long>());
    }
}
