using Penstock.Engines;
using Penstock.Probing;
using Penstock.Probing.Conformance;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Registry.Discovery;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Probing;

public sealed class CardUpkeepTests
{
    private static ProbingOptions Unasked { get; } =
        new()
        {
            HealthSeconds = 0.02,
            LoadSeconds = 0,
            PatienceSeconds = 20,
            IdleWatchSeconds = 0,
        };

    [Fact]
    public async Task A_replica_is_probed_once_when_it_is_registered()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench(Unasked);

        bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));

        await SimulatorClient.EventuallyAsync(() => bench.Replica.Card is not null);
        var calls = Posts(simulator);
        Assert.Equal(calls, bench.Replica.Card!.Calls);
        await SeveralChecksAsync(simulator);
        Assert.Equal(calls, Posts(simulator));
    }

    [Fact]
    public async Task Deployments_of_one_engine_and_model_share_a_card()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench(Unasked);

        bench.Follow(
            ProbingBench.Deploy("vllm", "demo", simulator.Url),
            ProbingBench.Deploy("vllm", "demo", simulator.Url)
        );

        await SimulatorClient.EventuallyAsync(() => bench.Replicas.All(replica => replica.Card is not null));
        Assert.Same(bench.Replicas[0].Card, bench.Replicas[1].Card);
        Assert.InRange(Posts(simulator), 1, ProbeBudget.MostCalls);
    }

    [Fact]
    public async Task A_deployment_that_comes_while_its_engine_is_probed_has_the_card_too()
    {
        await using var simulator = SimulatorServer.Start(
            new SimulatorOptions { Ttft = TimeSpan.FromMilliseconds(100) }
        );
        await using var bench = new ProbingBench(Unasked);
        var first = ProbingBench.Deploy("vllm", "demo", simulator.Url);
        bench.Follow(first);
        await SimulatorClient.EventuallyAsync(() => Posts(simulator) > 0);

        bench.Follow(first, ProbingBench.Deploy("vllm", "demo", simulator.Url));

        await SimulatorClient.EventuallyAsync(() => bench.Replicas.All(replica => replica.Card is not null));
        Assert.Same(bench.Replicas[0].Card, bench.Replicas[1].Card);
    }

    [Fact]
    public async Task A_card_outlives_a_restart_and_is_not_made_again()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var before = new ProbingBench(Unasked);
        before.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));
        await SimulatorClient.EventuallyAsync(() => before.Replica.Card is not null);
        await before.StoredAsync(1);
        await before.Watches.StopAsync(ProbingBench.Stop);
        var calls = Posts(simulator);

        await using var after = new ProbingBench(Unasked, from: before);
        await after.Shelf.OpenAsync(ProbingBench.Stop);
        after.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));

        Assert.Equal(before.Replica.Card!.EngineVersion, after.Replica.Card!.EngineVersion);
        await SeveralChecksAsync(simulator);
        Assert.Equal(calls, Posts(simulator));
    }

    [Fact]
    public async Task Another_version_of_the_engine_is_probed_again()
    {
        await using var bench = new ProbingBench(Unasked);
        int port;
        await using (var old = SimulatorServer.Start(new SimulatorOptions { EngineVersion = "0.27.1" }))
        {
            port = old.Port;
            bench.Follow(ProbingBench.Deploy("vllm", "demo", old.Url));
            await SimulatorClient.EventuallyAsync(() => bench.Replica.Card?.EngineVersion == "0.27.1");
            Assert.Equal(Finding.Yes, bench.Replica.Card!.AutoToolChoice);
        }

        await SimulatorClient.EventuallyAsync(() => bench.Replica.LastReport.Condition is ReplicaCondition.Failing);
        var options = new SimulatorOptions
        {
            Port = port,
            EngineVersion = "0.29.0",
            AutoToolChoice = false,
        };
        await using var renewed = SimulatorServer.Start(options);

        await SimulatorClient.EventuallyAsync(() => bench.Replica.Card?.EngineVersion == "0.29.0");
        Assert.Equal(Finding.No, bench.Replica.Card!.AutoToolChoice);
    }

    [Fact]
    public async Task A_deployment_that_asks_for_another_model_has_that_model_s_card()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions { Models = ["demo", "other"] });
        await using var bench = new ProbingBench(ProbingBench.Quick());
        var deployment = ProbingBench.Deploy("vllm", "demo", simulator.Url);
        bench.Follow(deployment);
        await bench.Watches.ProbeAsync(bench.Router.Table.Routes[0], ProbingBench.Stop);
        var card = bench.Replica.Card;

        bench.Follow(deployment with { UpstreamModel = "other" });
        Assert.Null(bench.Replica.Card);

        bench.Follow(deployment);
        Assert.Same(card, bench.Replica.Card);
    }

    [Theory]
    [InlineData("ollama")]
    [InlineData("lmstudio")]
    [InlineData("openai")]
    public async Task What_a_call_would_wake_or_bill_is_probed_only_when_somebody_asks(string backend)
    {
        using var engine = new LittleEngine(
            ("/v1/models", LittleEngine.Models("somebody", "demo")),
            ("/api/version", """{"version":"0.9"}""")
        );
        await using var bench = new ProbingBench(Unasked);
        bench.Follow(ProbingBench.Deploy(backend, "demo", new Uri(engine.Url)));
        await SimulatorClient.EventuallyAsync(() => engine.Asks.Count > 20);

        Assert.DoesNotContain(engine.Asks, ask => ask.StartsWith("POST", StringComparison.Ordinal));

        await bench.Watches.ProbeAsync(bench.Router.Table.Routes[0], ProbingBench.Stop);
        Assert.Contains(engine.Asks, ask => ask.StartsWith("POST", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_probe_that_failed_is_not_tried_again_at_the_next_check()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions { Directives = "status=500" });
        await using var bench = new ProbingBench(Unasked);
        bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));

        await SimulatorClient.EventuallyAsync(() => Posts(simulator) == 1);
        await SeveralChecksAsync(simulator);

        Assert.Equal(1, Posts(simulator));
        Assert.Null(bench.Replica.Card);
    }

    [Fact]
    public async Task Nothing_is_probed_unasked_where_that_is_switched_off()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench(ProbingBench.Quick());
        bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));

        await SeveralChecksAsync(simulator);

        Assert.Equal(0, Posts(simulator));
    }

    private static Task SeveralChecksAsync(SimulatorServer simulator)
    {
        var before = simulator.Counters.Requests;
        return SimulatorClient.EventuallyAsync(() => simulator.Counters.Requests > before + 10);
    }

    private static int Posts(SimulatorServer simulator) =>
        simulator.Requests.Count(request => request.RequestLine.StartsWith("POST ", StringComparison.Ordinal));
}
