using System.Collections.Immutable;
using Penstock.Registry.Changes;

namespace Penstock.Registry;

/// <summary>
/// The registry in memory. One change at a time: checked whole, stored in one transaction, then shown to readers,
/// who see the state before or after and nothing between.
/// </summary>
internal sealed class LiveRegistry(
    IRegistryStore store,
    RoutableDeployments routable,
    TimeProvider time,
    ILogger<LiveRegistry> logger
) : IDisposable
{
    private readonly SemaphoreSlim _writer = new(1, 1);
    private ImmutableList<Action<PublishedRegistry>> _subscribers = [];
    private volatile PublishedRegistry? _published;

    public RegistryState State =>
        _published?.State ?? throw new InvalidOperationException("The registry has not been opened yet.");

    /// <summary>Reads the store and publishes what it holds; a new store gets the shipped plans.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            Publish(await store.LoadAsync(cancellationToken));
        }
        finally
        {
            _writer.Release();
        }

        await ChangeAsync(Actors.FirstStart, PlanChanges.AddShipped, cancellationToken);
    }

    /// <summary>Calls back now, if there is something to see, and after each change, in order, one call at a time.</summary>
    public void OnPublished(Action<PublishedRegistry> subscriber)
    {
        _writer.Wait();
        try
        {
            _subscribers = _subscribers.Add(subscriber);
            if (_published is { } current)
            {
                subscriber(current);
            }
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>
    /// Runs a change on a draft. Refused with every mistake, or stored and published before this returns.
    /// Once the store has begun, the caller's leaving no longer stops it.
    /// </summary>
    public async Task<Outcome<T>> ChangeAsync<T>(
        string actor,
        Func<RegistryDraft, T> change,
        CancellationToken cancellationToken
    )
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            var draft = new RegistryDraft(State, time.GetUtcNow());
            var outcome = Run(draft, change);
            if (!outcome.Refused && draft.Seal(actor) is { Records.Count: > 0 } changes)
            {
                await CommitAsync(changes);
                Publish(draft.After);
                RegistryLog.Changed(logger, actor, changes.Records.Count);
            }

            return outcome;
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>What a change would come to. Nothing is stored or published.</summary>
    public Outcome<T> Preview<T>(Func<RegistryDraft, T> change) =>
        Run(new RegistryDraft(State, time.GetUtcNow()), change);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(
        long? before,
        int limit,
        CancellationToken cancellationToken
    ) => store.ReadAuditAsync(before, limit, cancellationToken);

    public void Dispose() => _writer.Dispose();

    private static Outcome<T> Run<T>(RegistryDraft draft, Func<RegistryDraft, T> change)
    {
        var value = change(draft);
        StateRules.Check(draft);
        return draft.Mistakes.Any ? new Outcome<T>(default, draft.Mistakes.InOrder()) : new Outcome<T>(value, []);
    }

    /// <summary>A commit that failed may have happened all the same, so memory is brought back to what the store says.</summary>
    private async Task CommitAsync(ChangeSet changes)
    {
        try
        {
            await store.CommitAsync(changes, CancellationToken.None);
        }
        catch (Exception error)
        {
            RegistryLog.CommitFailed(logger, error);
            await ReloadAsync();
            throw;
        }
    }

    private async Task ReloadAsync()
    {
        try
        {
            Publish(await store.LoadAsync(CancellationToken.None));
        }
        catch (Exception error)
        {
            RegistryLog.ReloadFailed(logger, error);
        }
    }

    private void Publish(RegistryState state)
    {
        var next = new PublishedRegistry(state, Grants.Of(state), routable.Of(state));
        _published = next;
        foreach (var subscriber in _subscribers)
        {
            subscriber(next);
        }
    }
}
