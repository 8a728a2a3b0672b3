using Penstock.Probing.Conformance;

namespace Penstock.Probing;

/// <summary>Runs conformance probes; those that nobody has asked for a few at a time.</summary>
internal sealed class Prober(
    EngineClient client,
    ProbingOptions options,
    ProbingMetrics metrics,
    TimeProvider time,
    ILogger<Prober> logger
) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.ConcurrentProbes, options.ConcurrentProbes);

    /// <summary>Waits for one of the few places; it is given back by disposing it. A person who asks takes none.</summary>
    public async Task<IDisposable> WaitForPlaceAsync(CancellationToken stop)
    {
        await _places.WaitAsync(stop);
        return new Place(_places);
    }

    public async Task<ProbeOutcome> ProbeAsync(EngineAddress engine, string model, CancellationToken stop)
    {
        var session = new ProbeSession(client, engine, model, options, time);
        var outcome = await ConformanceProbe.RunAsync(session, stop);
        metrics.Probed(outcome.Card is not null, session.Budget.Tokens);
        Tell(engine, model, outcome);
        return outcome;
    }

    public void Failed(EngineAddress engine, Exception error) =>
        ProbingLog.ProbeFailed(logger, engine.ToString(), error);

    public void Dispose() => _places.Dispose();

    private void Tell(EngineAddress engine, string model, ProbeOutcome outcome)
    {
        if (outcome.Card is not { } card)
        {
            ProbingLog.NotProbed(logger, engine.ToString(), model, outcome.Problem!);
            return;
        }

        ProbingLog.Probed(logger, engine.ToString(), model, card.Calls, card.GeneratedTokens);
        foreach (var warning in card.Warnings)
        {
            ProbingLog.Warns(logger, engine.ToString(), model, warning);
        }
    }

    private sealed class Place(SemaphoreSlim places) : IDisposable
    {
        public void Dispose() => places.Release();
    }
}
