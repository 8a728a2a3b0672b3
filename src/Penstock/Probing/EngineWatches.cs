using System.Collections.Immutable;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Probing;

/// <summary>A watch for each engine of the route table: engines that come are watched, those that go are left alone.</summary>
internal sealed class EngineWatches(
    EngineClient client,
    Prober prober,
    CardShelf shelf,
    ProbingOptions options,
    ProbingMetrics metrics,
    Chance chance,
    TimeProvider time,
    ILogger<EngineWatches> logger
) : IHostedService, IDisposable
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<EngineAddress, (EngineWatch Watch, Task Run)> _watches = [];

    /// <summary>Watches the engines of this table, and no others.</summary>
    public void Follow(RouteTable table)
    {
        var members = table
            .Routes.SelectMany(route =>
                route.Replicas.Select(replica => (Replica: replica, Model: route.Deployment.UpstreamModel))
            )
            .GroupBy(member => EngineAddress.Of(member.Replica))
            .ToDictionary(
                group => group.Key,
                group => group.ToImmutableDictionary(member => member.Replica, member => member.Model)
            );
        lock (_gate)
        {
            foreach (var gone in _watches.Keys.Where(engine => !members.ContainsKey(engine)).ToList())
            {
                _watches.Remove(gone, out var left);
                left.Watch.Retire();
            }

            foreach (var (engine, replicas) in members)
            {
                if (_watches.TryGetValue(engine, out var known))
                {
                    known.Watch.Members = replicas;
                    continue;
                }

                var watch = Make(engine);
                watch.Members = replicas;
                _watches.Add(engine, (watch, watch.RunAsync(_stopping.Token)));
            }
        }
    }

    /// <summary>Probes each replica of a route now.</summary>
    public async Task<IReadOnlyList<(Replica Replica, ProbeOutcome Outcome)>> ProbeAsync(
        ModelRoute route,
        CancellationToken stop
    )
    {
        var model = route.Deployment.UpstreamModel;
        var outcomes = await Task.WhenAll(route.Replicas.Select(replica => ProbeAsync(replica, model, stop)));
        return [.. route.Replicas.Zip(outcomes)];
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        Task[] runs;
        lock (_gate)
        {
            runs = [.. _watches.Values.Select(watched => watched.Run)];
        }

        await Task.WhenAll(runs).WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task<ProbeOutcome> ProbeAsync(Replica replica, string model, CancellationToken stop)
    {
        EngineWatch? watch;
        lock (_gate)
        {
            watch = _watches.TryGetValue(EngineAddress.Of(replica), out var known) ? known.Watch : null;
        }

        return watch is null
            ? ProbeOutcome.Failed("the registry no longer has this replica")
            : await watch.ProbeAsync(model, stop);
    }

    private EngineWatch Make(EngineAddress engine) =>
        new(
            engine,
            client,
            new CardUpkeep(engine, prober, shelf, options, time),
            options,
            metrics,
            chance,
            time,
            logger
        );
}
