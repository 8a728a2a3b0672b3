using System.Collections.Immutable;
using Penstock.Primitives;
using Penstock.Registry.Changes;

namespace Penstock.Registry;

/// <summary>
/// The registry in memory. One change at a time: checked whole, stored in one transaction, then shown to readers,
/// who see the state before or after and nothing between. Where others write to the store as well, a change is made on
/// what they have left there, or made again.
/// </summary>
internal sealed class LiveRegistry(
    IRegistryStore store,
    IChangeFeed feed,
    RoutableDeployments routable,
    TimeProvider time,
    ILogger<LiveRegistry> logger
) : IDisposable
{
    /// <summary>One writer wins each time, so this many others have to be faster every time.</summary>
    private const int MostAttempts = 20;

    private readonly SemaphoreSlim _writer = new(1, 1);
    private ImmutableList<Action<PublishedRegistry>> _subscribers = [];
    private volatile PublishedRegistry? _published;

    /// <summary>Of the store, when it was like <see cref="State"/>. The writer's.</summary>
    private long _revision;

    public RegistryState State =>
        _published?.State ?? throw new InvalidOperationException("The registry has not been opened yet.");

    /// <summary>Whether other gateways may change it, too.</summary>
    public bool IsShared => store.IsShared;

    /// <summary>Reads the store and publishes what it holds; a new store gets the shipped plans.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await LoadAsync(cancellationToken);
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
            for (var attempt = 0; attempt < MostAttempts; attempt++)
            {
                await LoadNewerAsync(cancellationToken);
                var draft = new RegistryDraft(State, time.GetUtcNow());
                var outcome = Run(draft, change);
                if (outcome.Refused || draft.Seal(actor) is not { Records.Count: > 0 } changes)
                {
                    return outcome;
                }

                if (await CommitAsync(changes))
                {
                    Publish(draft.After, _revision + 1);
                    RegistryLog.Changed(logger, actor, changes.Records.Count);
                    await AnnounceAsync();
                    return outcome;
                }
            }
        }
        finally
        {
            _writer.Release();
        }

        return new Outcome<T>(default, [Contended]);
    }

    /// <summary>Reads and publishes what others have made of the store since.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            await LoadNewerAsync(cancellationToken);
        }
        finally
        {
            _writer.Release();
        }
    }

    /// <summary>Publishes the same state again when a file holds another credential than the one in use.</summary>
    public async Task RenewCredentialsAsync(CancellationToken cancellationToken)
    {
        // Before the lock: files may be slow, and changes are not to wait for them.
        BlockingWork.Begin();
        if (_published is not { } published || !routable.IsOutdated(published))
        {
            return;
        }

        await _writer.WaitAsync(cancellationToken);
        try
        {
            Publish(State, _revision);
            RegistryLog.CredentialsRenewed(logger);
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

    private static Mistake Contended { get; } =
        new(
            Place.Nowhere,
            MistakeCodes.Conflict,
            "Other gateways change the registry faster than this change could be made: try again."
        );

    private static Outcome<T> Run<T>(RegistryDraft draft, Func<RegistryDraft, T> change)
    {
        var value = change(draft);
        StateRules.Check(draft);
        return draft.Mistakes.Any ? new Outcome<T>(default, draft.Mistakes.InOrder()) : new Outcome<T>(value, []);
    }

    /// <summary>A commit that failed may have happened all the same, so memory is brought back to what the store says.</summary>
    private async Task<bool> CommitAsync(ChangeSet changes)
    {
        try
        {
            return await store.CommitAsync(changes, _revision, CancellationToken.None);
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
            await LoadAsync(CancellationToken.None);
        }
        catch (Exception error)
        {
            RegistryLog.ReloadFailed(logger, error);
        }
    }

    private async Task LoadNewerAsync(CancellationToken cancellationToken)
    {
        // Not "less than": a backup may have been restored.
        if (store.IsShared && await store.ReadRevisionAsync(cancellationToken) != _revision)
        {
            await LoadAsync(cancellationToken);
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(cancellationToken);
        Publish(stored.State, stored.Revision);
    }

    /// <summary>The change is stored: that others are not told of it, they will notice.</summary>
    private async Task AnnounceAsync()
    {
        try
        {
            await feed.AnnounceAsync(_revision, CancellationToken.None);
        }
        catch (Exception error)
        {
            RegistryLog.NotAnnounced(logger, error);
        }
    }

    private void Publish(RegistryState state, long revision)
    {
        var next = new PublishedRegistry(state, Grants.Of(state), routable.Of(state));
        (_published, _revision) = (next, revision);
        foreach (var subscriber in _subscribers)
        {
            subscriber(next);
        }
    }
}
