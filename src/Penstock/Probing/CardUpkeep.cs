using System.Collections.Immutable;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Probing;

/// <summary>
/// Keeps the capability cards of one engine true: probes what has none, or one of another version. One probe at a time,
/// since a probe would take another's requests for load.
/// </summary>
internal sealed class CardUpkeep(
    EngineAddress engine,
    Prober prober,
    CardShelf shelf,
    ProbingOptions options,
    TimeProvider time
)
{
    /// <summary>
    /// Between two probes that nobody asked for, doubled with each: one that fails is not hurried, and two engines of
    /// different versions behind one address do not cost tokens at every check.
    /// </summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly Dictionary<string, (long Until, TimeSpan Pause)> _resting = new(StringComparer.Ordinal);
    private Task _renewal = Task.CompletedTask;

    /// <summary>
    /// Whether the engine may be asked to generate without anybody having asked for it. One that is woken by a request,
    /// or swaps models for it, is not: that would take minutes and money. Nor is one of which nothing is known.
    /// </summary>
    public bool IsUnasked =>
        options.AtRegistration
        && engine.Engine.ColdStart is not ColdStart.Holds
        && engine.Engine.Name is not EngineCatalog.OpenAi;

    /// <summary>Gives each replica the card of the model that it is asked for; null where there is none.</summary>
    public void Publish(ImmutableDictionary<Replica, string> members)
    {
        foreach (var (replica, model) in members)
        {
            replica.Card = shelf.Find(engine.Url, model);
        }
    }

    /// <summary>Starts, beside whoever asks, the probes that are due. The engine is well.</summary>
    public void Renew(ImmutableDictionary<Replica, string> members, string? version, CancellationToken stop)
    {
        if (!IsUnasked || !_renewal.IsCompleted)
        {
            return;
        }

        var due = members.Values.Distinct(StringComparer.Ordinal).Where(model => IsDue(model, version)).ToList();
        if (due.Count > 0)
        {
            _renewal = RenewAsync(due, members, stop);
        }
    }

    public async Task<ProbeOutcome> ProbeAsync(string model, CancellationToken stop)
    {
        await _turn.WaitAsync(stop);
        try
        {
            var outcome = await prober.ProbeAsync(engine, model, stop);
            if (outcome.Card is { } card)
            {
                await shelf.PutAsync(engine.Url, model, card, stop);
            }

            return outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    private bool IsDue(string model, string? version)
    {
        if (_resting.TryGetValue(model, out var rest) && time.GetTimestamp() < rest.Until)
        {
            return false;
        }

        return shelf.Find(engine.Url, model) is not { } card || (version is not null && card.EngineVersion != version);
    }

    private async Task RenewAsync(
        IReadOnlyList<string> models,
        ImmutableDictionary<Replica, string> members,
        CancellationToken stop
    )
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            foreach (var model in models)
            {
                using var place = await prober.WaitForPlaceAsync(stop);
                var outcome = await ProbeAsync(model, stop);
                Publish(members);
                Rest(model, isFirst: outcome.Card is not null && !_resting.ContainsKey(model));
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The engine is retired, or everything stops.
        }
        catch (Exception error)
        {
            prober.Failed(engine, error);
        }
    }

    /// <param name="isFirst">It worked at the first try: another version that comes soon is probed at once.</param>
    private void Rest(string model, bool isFirst)
    {
        var pause = _resting.TryGetValue(model, out var rest) ? rest.Pause * 2 : FirstPause;
        pause = pause < LongestPause ? pause : LongestPause;
        var ticks = isFirst ? 0 : time.Ticks(pause);
        _resting[model] = (time.GetTimestamp() + ticks, pause);
    }
}
