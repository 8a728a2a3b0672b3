using Penstock.Simulator;
using Penstock.Tests.Forwarding;
using Penstock.Tests.Storage.Redis;

namespace Penstock.Tests.Inference;

/// <summary>Requests with one key at two gateways that share a Redis: one generation, one bill.</summary>
public sealed class TwinsOnTwoGatewaysTests(RedisServer server) : IClassFixture<RedisServer>
{
    private const string Tokens = "SELECT coalesce(sum(completion_tokens), 0) FROM requests";

    private readonly Dictionary<string, string?> _settings = new(StringComparer.Ordinal)
    {
        ["Redis:Connection"] = server.Connection,
        ["Redis:Prefix"] = Guid.NewGuid().ToString("N"),
        // A busy machine is not a server that is away.
        ["Redis:DeadlineMilliseconds"] = "10000",
        ["Redis:PatienceMilliseconds"] = "30000",
        ["Redis:TwinLeaseSeconds"] = "60",
    };

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_twins_at_the_same_time_cost_one_generation(bool stream)
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        await using var one = await StartAsync(engine.Url);
        await using var other = await StartAsync(engine.Url);
        var body = IdempotentCall.Chat(stream, "[[sim tokens=40 itl=2ms]]");

        var twins = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(number => IdempotentCall.SendAsync(number % 2 == 0 ? one : other, body))
        );

        Assert.All(twins, twin => Assert.Equal((200, twins[0].Body), (twin.Status, twin.Body)));
        Assert.Equal(99, twins.Count(twin => twin.IsReplayed));
        Assert.Equal(1, engine.Counters.Generations);
        await IdempotentBench.UntilAsync(() => one.Endings.Count() + other.Endings.Count() == 100);
        var billed = (await one.ReadLedgerAsync()).Number(Tokens) + (await other.ReadLedgerAsync()).Number(Tokens);
        Assert.Equal(40, billed);
    }

    [Fact]
    public async Task What_one_has_answered_the_other_gives_again_and_knows_another_body()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        await using var one = await StartAsync(engine.Url);
        await using var other = await StartAsync(engine.Url);
        var body = IdempotentCall.Chat(stream: false);
        var first = await IdempotentCall.SendAsync(one, body);
        await IdempotentBench.UntilAsync(() => one.Endings.Any());

        var again = await IdempotentCall.SendAsync(other, body);

        Assert.Equal((200, first.Body, true), (again.Status, again.Body, again.IsReplayed));
        Assert.Equal(first.RequestId, again.Header("Idempotency-Replayed-From"));
        Assert.Equal(first.Header("X-Deployment-Id"), again.Header("X-Deployment-Id"));
        Assert.Equal(409, (await IdempotentCall.SendAsync(other, IdempotentCall.Chat(stream: true))).Status);
        Assert.Equal(1, engine.Counters.Generations);
    }

    [Fact]
    public async Task A_generation_goes_on_for_a_twin_at_the_other_when_its_first_caller_leaves()
    {
        using var engine = new FakeEngine();
        await using var one = await StartAsync(engine.Url);
        await using var other = await StartAsync(engine.Url);
        var body = IdempotentCall.Chat(stream: false);
        using var hangUp = new CancellationTokenSource();
        var first = IdempotentCall.SendAsync(one, body, hangUp.Token);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        var twin = IdempotentCall.SendAsync(other, body);
        // Who listens elsewhere is a twin here.
        await IdempotentBench.UntilAsync(() => one.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 1);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await connection.SendAsync(Json);

        var heard = await twin;
        Assert.Equal((200, true), (heard.Status, heard.IsReplayed));
    }

    private const string Json =
        "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 67\r\n\r\n"
        + """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens": 60}}""";

    private Task<GatewayInProcess> StartAsync(Uri engine) =>
        GatewayInProcess.StartAsync(
            [GatewayInProcess.Deploy("m", engine)],
            settings: _settings,
            with: grant => grant with { Burst = 200 }
        );
}
