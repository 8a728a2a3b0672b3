using System.Collections.Immutable;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Probing;

/// <summary>
/// Looks at one engine from outside of the traffic for as long as a deployment uses it, one question at a time, and
/// tells each of its replicas what was found.
/// </summary>
internal sealed class EngineWatch(
    EngineAddress engine,
    EngineClient client,
    CardUpkeep cards,
    ProbingOptions options,
    ProbingMetrics metrics,
    Chance chance,
    TimeProvider time,
    ILogger logger
)
{
    /// <summary>Pauses vary by a tenth each way: gateways that started together do not ask together for ever.</summary>
    private const double Jitter = 0.1;

    private readonly TimeSpan _patience = TimeSpan.FromSeconds(options.PatienceSeconds);
    private readonly HealthPoll _health = new(client, engine, metrics, time);
    private readonly VersionPoll _version = new(client, engine, metrics);
    private readonly LoadPoll _load = new(client, engine, options, metrics);
    private readonly CancellationTokenSource _retired = new();
    private volatile ImmutableDictionary<Replica, string> _members = ImmutableDictionary<Replica, string>.Empty;
    private ReplicaCondition _condition = ReplicaCondition.Unknown;
    private ReplicaCondition _told = ReplicaCondition.Alive;

    /// <summary>The replicas that are this engine, each with the model that its deployment asks it for. Swapped whole.</summary>
    public ImmutableDictionary<Replica, string> Members
    {
        get => _members;
        set
        {
            _members = value;
            cards.Publish(value);
        }
    }

    /// <summary>Probes the engine for one model now, and tells the card to the replicas that serve it.</summary>
    public async Task<ProbeOutcome> ProbeAsync(string model, CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _retired.Token);
        var outcome = await cards.ProbeAsync(model, either.Token);
        cards.Publish(_members);
        return outcome;
    }

    /// <summary>Ends when the engine is retired or everything stops.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, _retired.Token);
        var ended = either.Token;
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await Task.WhenAll(
                RepeatAsync(LookAsync, () => TimeSpan.FromSeconds(options.HealthSeconds), ended),
                RepeatAsync(ReadLoadAsync, () => _load.Pause, ended)
            );
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // As it was asked to.
        }
    }

    public void Retire() => _retired.Cancel();

    private async Task RepeatAsync(
        Func<CancellationToken, Task> askAsync,
        Func<TimeSpan> pause,
        CancellationToken ended
    )
    {
        while (pause() > TimeSpan.Zero)
        {
            try
            {
                await askAsync(ended);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                ProbingLog.WatchFailed(logger, engine.ToString(), error);
            }

            var factor = 1 + (Jitter * ((2 * chance.NextDouble()) - 1));
            await Task.Delay(pause() * factor, time, ended);
        }
    }

    private async Task LookAsync(CancellationToken stop)
    {
        var report = await _health.LookAsync(_patience, stop);
        foreach (var replica in Members.Keys)
        {
            replica.Report(report);
        }

        var before = _condition;
        _condition = report.Condition;
        Tell(report);
        if (report.Condition is not ReplicaCondition.Alive)
        {
            return;
        }

        if (before is not ReplicaCondition.Alive)
        {
            // It may be another than before.
            _load.Forget();
            _version.Forget();
        }

        if (engine.Engine.AskingCosts)
        {
            return;
        }

        await _version.ReadAsync(_patience, stop);
        // A replica that came while its engine was probed has no card yet.
        cards.Publish(Members);
        cards.Renew(Members, _version.Current, stop);
    }

    private async Task ReadLoadAsync(CancellationToken stop)
    {
        // What does not answer at all need not be asked for more.
        var load = _condition is ReplicaCondition.Failing ? EngineLoad.Unknown : await _load.ReadAsync(_patience, stop);
        foreach (var replica in Members.Keys)
        {
            replica.Report(load);
        }
    }

    /// <summary>Says what an operator has not been told yet. That nothing is known is no news.</summary>
    private void Tell(ReplicaReport report)
    {
        if (report.Condition is ReplicaCondition.Unknown || report.Condition == _told)
        {
            return;
        }

        _told = report.Condition;
        if (report.Condition is ReplicaCondition.Alive)
        {
            ProbingLog.Well(logger, engine.ToString());
        }
        else
        {
            ProbingLog.Changed(logger, engine.ToString(), report.Condition.ToString(), report.Reason);
        }
    }
}
