using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Probing;
using Penstock.Routing;
using Penstock.Tests.Registry.Discovery;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Probing;

public sealed class HealthPollTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task What_answers_too_late_says_nothing_of_the_replica_until_it_has_done_so_three_times()
    {
        using var engine = new LittleEngine(("/health", null));
        await using var bench = new ProbingBench(clock: _clock);
        var poll = bench.HealthPoll(At(engine));

        var conditions = new List<ReplicaCondition>();
        for (var asked = 1; asked <= 4; asked++)
        {
            var looking = poll.LookAsync(Patience, ProbingBench.Stop);
            await SimulatorClient.EventuallyAsync(() => engine.Count("/health") == asked);
            _clock.Advance(Patience);
            var report = await looking;
            Assert.Equal("no answer within 2 s", report.Reason);
            conditions.Add(report.Condition);
        }

        Assert.Equal(
            [ReplicaCondition.Unknown, ReplicaCondition.Unknown, ReplicaCondition.Failing, ReplicaCondition.Failing],
            conditions
        );
    }

    [Theory]
    [InlineData("llamacpp", "Starting", false)]
    [InlineData("vllm", "Failing", true)]
    public async Task A_503_means_what_the_engine_means_by_it(string backend, string condition, bool takes)
    {
        using var engine = new LittleEngine { Status = 503 };
        await using var bench = new ProbingBench(clock: _clock);

        var report = await bench.HealthPoll(At(engine, backend)).LookAsync(Patience, ProbingBench.Stop);

        Assert.Equal((condition, takes), (report.Condition.ToString(), report.TakesRequests));
        Assert.Equal(_clock.GetTimestamp(), report.At);
    }

    private static EngineAddress At(LittleEngine engine, string backend = "vllm") =>
        new(new Uri(engine.Url), null, EngineCatalog.Find(backend));
}
