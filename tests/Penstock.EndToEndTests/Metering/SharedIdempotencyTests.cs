using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Metering;

/// <summary>Twins at two real gateways that share a PostgreSQL and a Redis.</summary>
public sealed class SharedIdempotencyTests : IAsyncLifetime
{
    private const int Tokens = 30;

    private static readonly Dictionary<string, string?> OneSecretKey = new(StringComparer.Ordinal)
    {
        ["PENSTOCK__Secrets__Key"] = Convert.ToBase64String([.. Enumerable.Repeat((byte)7, 32)]),
    };

    private readonly List<GatewayProcess> _gateways = [];
    private readonly List<TempFolder> _folders = [];
    private SimulatorProcess _engine = null!;
    private RedisProcess _redis = null!;

    public async ValueTask InitializeAsync()
    {
        _engine = await SimulatorProcess.StartAsync("--tokens", $"{Tokens}", "--itl", "10ms");
        _redis = await RedisProcess.StartAsync(["--save", "", "--appendonly", "no"]);
        var database = await PostgresServer.NewDatabaseAsync();
        _gateways.Add(await StartAsync(database));
        _gateways.Add(await StartAsync(database));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_twins_at_both_are_one_generation_and_one_bill(bool stream)
    {
        var body = ChatBody.Saying("Hi", "demo", stream);

        var answers = await Task.WhenAll(Enumerable.Range(0, 100).Select(number => AskAsync(number % 2, body)));

        Assert.All(answers, answer => Assert.Equal((200, answers[0].Text), (answer.Status, answer.Text)));
        Assert.Equal(99, answers.Count(answer => answer.Header("Idempotency-Replayed") == "true"));
        Assert.Single(await GenerationsAsync());
        Assert.Equal(Tokens, await BilledAsync(requests: 100));
    }

    [Fact]
    public async Task When_the_one_that_generates_is_killed_a_twin_at_the_other_takes_its_place()
    {
        var body = ChatBody.Saying("Hi", "demo");
        await _engine.FaultsAsync("ttft=60m");
        var first = AskAsync(0, body);
        await _engine.ReachesAsync("running", 1);
        await _engine.FaultsAsync("");
        var twins = Enumerable.Range(0, 10).Select(_ => AskAsync(1, body)).ToList();

        _gateways[0].Process.KillHard();

        await Assert.ThrowsAsync<HttpRequestException>(() => first);
        var heard = await Task.WhenAll(twins);
        Assert.All(heard, answer => Assert.Equal((200, heard[0].Text), (answer.Status, answer.Text)));
        Assert.Single(heard, answer => answer.Header("Idempotency-Replayed") is null);
        Assert.Equal(Tokens, await BilledAsync(requests: 10));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in _gateways)
        {
            await gateway.DisposeAsync();
        }

        await _redis.DisposeAsync();
        await _engine.DisposeAsync();
        _folders.ForEach(folder => folder.Dispose());
    }

    private Task<Answer> AskAsync(int gateway, string body) =>
        _gateways[gateway].As("acme").ChatAsync(body, ("Idempotency-Key", "one"));

    private async Task<GatewayProcess> StartAsync(string database)
    {
        var folder = new TempFolder();
        _folders.Add(folder);
        folder.Write(
            "penstock.yaml",
            new Declaration().Tenant("acme").Deployment("acme", "demo", "demo", _engine.Url).ToString()
        );
        var gateway = await GatewayProcess.StartAsync(
            folder,
            [
                "--no-discovery",
                "--config",
                folder.File("penstock.yaml"),
                "--database",
                database,
                "--redis",
                $"127.0.0.1:{_redis.Port}",
                "Probing:AtRegistration=false",
                // A busy machine is no slow server.
                "Redis:DeadlineMilliseconds=5000",
                "Redis:TwinLeaseSeconds=2",
            ],
            OneSecretKey
        );
        await Until.TrueAsync(async () => await CallsAsync(gateway) > 0, "the gateway to have reached Redis");
        return gateway;
    }

    private async Task<JsonArray> GenerationsAsync() =>
        (await _engine.GetAsync("/sim/generations"))["generations"]!.AsArray();

    private static async Task<double> CallsAsync(GatewayProcess gateway)
    {
        var answer = (await gateway.WithSecret(null).GetAsync("/metrics")).Expect(200);
        return PrometheusText
            .Parse(answer.Text)
            .Where(sample => sample.Is("penstock_redis_calls_total"))
            .Sum(sample => sample.Value);
    }

    private async Task<long> BilledAsync(int requests)
    {
        JsonNode? row = null;
        await Until.TrueAsync(
            async () =>
            {
                var rows = (await _gateways[1].Admin.GetAsync("usage?by=model")).Expect(200).Json["data"]!.AsArray();
                row = rows.SingleOrDefault();
                return row?["requests"]!.GetValue<long>() == requests;
            },
            $"{requests} rows in the ledger"
        );
        return row!["completion_tokens"]!.GetValue<long>();
    }
}
