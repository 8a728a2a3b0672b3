using Penstock.Engines;
using Penstock.Probing;
using Penstock.Probing.Conformance;
using Penstock.Simulator;

namespace Penstock.Tests.Probing;

/// <summary>One probe of one simulator: its card, and what it cost by the engine's own count.</summary>
internal static class ProbedEngine
{
    /// <summary>Asserts that the probe brought a card within its budget.</summary>
    public static async Task<CapabilityCard> CardOfAsync(SimulatorOptions options, string? backend = null)
    {
        var (outcome, _) = await ProbeAsync(options, backend);
        Assert.Null(outcome.Problem);
        return outcome.Card!;
    }

    public static async Task<(ProbeOutcome Outcome, IReadOnlyList<ReceivedRequest> Requests)> ProbeAsync(
        SimulatorOptions options,
        string? backend = null,
        ProbingOptions? settings = null
    )
    {
        await using var simulator = SimulatorServer.Start(options with { RememberedRequests = 4096 });
        await using var bench = new ProbingBench(settings ?? Settings(options));
        bench.Follow(ProbingBench.Deploy(backend ?? options.Dialect, "demo", simulator.Url));

        var (replica, outcome) = Assert.Single(
            await bench.Watches.ProbeAsync(bench.Router.Table.Routes[0], ProbingBench.Stop)
        );

        Assert.Same(outcome.Card, replica.Card);
        var posts = simulator.Requests.Count(request =>
            request.RequestLine.StartsWith("POST ", StringComparison.Ordinal)
        );
        Assert.InRange(posts, 0, ProbeBudget.MostCalls);
        Assert.InRange(simulator.Counters.GeneratedTokens, 0, ProbeBudget.MostTokens);
        Assert.Equal((0, 0), (simulator.Counters.ProbeTokens, simulator.Counters.DrainedReads));
        if (outcome.Card is { } card)
        {
            Assert.Equal(posts, card.Calls);
            Assert.InRange(simulator.Counters.GeneratedTokens, 0, card.GeneratedTokens);
        }

        return (outcome, simulator.Requests);
    }

    /// <summary>Patient, and watching an idle connection only where it is closed soon.</summary>
    private static ProbingOptions Settings(SimulatorOptions options) =>
        new()
        {
            HealthSeconds = 0,
            LoadSeconds = 0,
            PatienceSeconds = 20,
            IdleWatchSeconds = options.KeepAlive is { } idle && idle > TimeSpan.Zero ? 20 : 0,
        };
}
