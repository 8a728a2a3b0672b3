using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Probing;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Registry.Discovery;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Probing;

public sealed class EngineWatchTests
{
    private const string Metrics = "/metrics";

    private static ProbingOptions Settings { get; } =
        new()
        {
            HealthSeconds = 10,
            LoadSeconds = 1,
            PatienceSeconds = 60,
            LongestPauseSeconds = 60,
            AtRegistration = false,
        };

    [Fact]
    public async Task A_replica_is_told_what_its_engine_counts()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Itl = TimeSpan.FromMinutes(1) });
        await using var bench = new ProbingBench();
        bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Server.Url));
        await SimulatorClient.EventuallyAsync(() => bench.Replica.Load.Running == 0);

        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(ProbingBench.Stop);
        var asking = simulator.Http.PostAsync(
            SimulatorClient.ChatPath,
            SimulatorClient.Content(SimulatorClient.Body()),
            hangUp.Token
        );

        await SimulatorClient.EventuallyAsync(() => bench.Replica.Load.Running == 1);
        Assert.Equal(0, bench.Replica.Load.Waiting);
        Assert.Equal(ReplicaCondition.Alive, bench.Replica.LastReport.Condition);
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await SimulatorClient.EventuallyAsync(() => bench.Replica.Load.Running == 0);
    }

    [Fact]
    public async Task An_engine_that_is_gone_is_failing_and_its_load_unknown_until_it_is_back()
    {
        await using var bench = new ProbingBench();
        int port;
        await using (var simulator = SimulatorServer.Start(new SimulatorOptions()))
        {
            port = simulator.Port;
            bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));
            await SimulatorClient.EventuallyAsync(() => bench.Replica.LastReport.Condition is ReplicaCondition.Alive);
        }

        await SimulatorClient.EventuallyAsync(() => bench.Replica.LastReport.Condition is ReplicaCondition.Failing);
        await SimulatorClient.EventuallyAsync(() => bench.Replica.Load.IsUnknown);
        Assert.Equal("connection refused", bench.Replica.LastReport.Reason);

        await using var again = SimulatorServer.Start(new SimulatorOptions { Port = port });
        await SimulatorClient.EventuallyAsync(() => bench.Replica.LastReport.Condition is ReplicaCondition.Alive);
        await SimulatorClient.EventuallyAsync(() => bench.Replica.Load.Running == 0);
    }

    [Fact]
    public async Task A_path_that_is_not_there_says_nothing_of_the_replica()
    {
        using var engine = new LittleEngine();
        await using var bench = new ProbingBench();
        bench.Follow(ProbingBench.Deploy("vllm", "demo", new Uri(engine.Url)));

        await SimulatorClient.EventuallyAsync(() => bench.Replica.LastReport.Reason == "answers 404");

        Assert.Equal(ReplicaCondition.Unknown, bench.Replica.LastReport.Condition);
        Assert.True(bench.Replica.Load.IsUnknown);
    }

    [Fact]
    public async Task An_engine_that_does_not_tell_its_load_is_asked_more_and_more_rarely()
    {
        var clock = new FakeTimeProvider();
        using var engine = new LittleEngine(("/health", "{}"));
        await using var bench = new ProbingBench(Settings, clock);
        bench.Follow(ProbingBench.Deploy("vllm", "demo", new Uri(engine.Url)));
        await SimulatorClient.EventuallyAsync(() => engine.Count("/health") == 1 && engine.Count(Metrics) == 1);

        // 1 + 2 + 4 + 8 + 16 + 32 + 60 + 60 + 60 seconds, a tenth more or less.
        for (var health = 2; health <= 25; health++)
        {
            await SimulatorClient.EventuallyAsync(() =>
            {
                clock.Advance(TimeSpan.FromMilliseconds(500));
                return engine.Count("/health") >= health;
            });
        }

        Assert.InRange(engine.Count(Metrics), 5, 12);
    }

    [Fact]
    public async Task Deployments_that_share_an_engine_share_its_polls()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench(Settings, clock);

        bench.Follow([.. Enumerable.Range(0, 20).Select(at => ProbingBench.Deploy("vllm", $"m{at}", simulator.Url))]);

        await SimulatorClient.EventuallyAsync(() => bench.Replicas.All(replica => replica.Load.Running == 0));
        await SimulatorClient.EventuallyAsync(() => Asked(simulator, "/version") == 1);
        Assert.Equal((1, 1), (Asked(simulator, "/health"), Asked(simulator, Metrics)));
    }

    [Fact]
    public async Task An_engine_that_no_deployment_uses_any_more_is_left_alone()
    {
        await using var gone = SimulatorServer.Start(new SimulatorOptions());
        await using var stays = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench();
        var kept = ProbingBench.Deploy("vllm", "stays", stays.Url);
        bench.Follow(ProbingBench.Deploy("vllm", "gone", gone.Url), kept);
        await SimulatorClient.EventuallyAsync(() => gone.Counters.Requests > 3);

        bench.Follow(kept);
        var before = stays.Counters.Requests;
        // One question may have been under way.
        await SimulatorClient.EventuallyAsync(() => stays.Counters.Requests > before + 2);
        var left = gone.Counters.Requests;
        before = stays.Counters.Requests;

        await SimulatorClient.EventuallyAsync(() => stays.Counters.Requests > before + 20);
        Assert.Equal(left, gone.Counters.Requests);
    }

    [Fact]
    public async Task Nothing_is_asked_where_it_is_switched_off()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var bench = new ProbingBench(new ProbingOptions { HealthSeconds = 0, LoadSeconds = 0 });

        bench.Follow(ProbingBench.Deploy("vllm", "demo", simulator.Url));
        await bench.Watches.StopAsync(ProbingBench.Stop);

        Assert.Equal(0, simulator.Counters.Requests);
    }

    [Theory]
    [InlineData("sglang")]
    [InlineData("trtllm")]
    [InlineData("vllm")]
    [InlineData("llamacpp")]
    [InlineData("ollama")]
    [InlineData("tgi")]
    [InlineData("openai")]
    public async Task No_poll_generates_a_token_or_takes_a_number_from_another_reader(string backend)
    {
        string[] generating = ["/health_generate", "/v1/chat/completions", "/v1/completions", "/generate"];
        // SGLang's own health check generates; TensorRT-LLM's statistics are gone once they were read.
        string[] costly = backend switch
        {
            "sglang" => ["/health"],
            "trtllm" => [Metrics],
            "llamacpp" => [Metrics],
            _ => [],
        };
        var engine = EngineCatalog.Find(backend);
        using var little = new LittleEngine((Path(engine.HealthPath), "{}"), ("/version", """{"version":"1"}"""));
        await using var bench = new ProbingBench();
        bench.Follow(ProbingBench.Deploy(backend, "demo", new Uri(little.Url)));

        await SimulatorClient.EventuallyAsync(() => little.Count(Path(engine.HealthPath)) > 10);

        Assert.All(little.Paths, path => Assert.DoesNotContain(path, generating.Concat(costly)));
        Assert.All(little.Asks, ask => Assert.StartsWith("GET ", ask, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("trtllm")]
    [InlineData("llamacpp")]
    [InlineData("tgi")]
    public async Task A_hundred_polls_generate_no_token_and_drain_no_statistics_by_the_engine_s_own_count(
        string dialect
    )
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions { Dialect = dialect });
        await using var bench = new ProbingBench();
        bench.Follow(ProbingBench.Deploy(dialect, "demo", simulator.Url));

        await SimulatorClient.EventuallyAsync(() => simulator.Counters.Requests > 100);

        Assert.Equal(ReplicaCondition.Alive, bench.Replica.LastReport.Condition);
        Assert.Equal(0, bench.Replica.Load.Running);
        var counters = simulator.Counters;
        Assert.Equal((0, 0, 0), (counters.GeneratedTokens, counters.ProbeTokens, counters.DrainedReads));
    }

    private static string Path(string pathAndQuery) => pathAndQuery.Split('?')[0];

    private static int Asked(SimulatorServer simulator, string path) =>
        simulator.Requests.Count(request => request.RequestLine.StartsWith($"GET {path} ", StringComparison.Ordinal));
}
