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
    private readonly SemaphoreSlim writer = new(1, 1);
    private ImmutableList<Action<PublishedRegistry>> subscribers = [];
    private volatile PublishedRegistry? published;

    public RegistryState State =>
        published?.State ?? throw new InvalidOperationException("The registry has not been opened yet.");

    /// <summary>Reads the store and publishes what it holds; a new store gets the shipped plans.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await writer.WaitAsync(cancellationToken);
        try
        {
            Publish(await store.LoadAsync(cancellationToken));
        }
        finally
        {
            writer.Release();
        }

        await ChangeAsync(Actors.FirstStart, PlanChanges.AddShipped, cancellationToken);
    }

    /// <summary>Calls back now, if there is something to see, and after each change, in order, one call at a time.</summary>
    public void OnPublished(Action<PublishedRegistry> subscriber)
    {
        writer.Wait();
        try
        {
            subscribers = subscribers.Add(subscriber);
            if (published is { } current)
            {
                subscriber(current);
            }
        }
        finally
        {
            writer.Release();
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
        await writer.WaitAsync(cancellationToken);
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
            writer.Release();
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

    public void Dispose() => writer.Dispose();

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
        published = next;
        foreach (var subscriber in subscribers)
        {
            subscriber(next);
        }
    }
}
