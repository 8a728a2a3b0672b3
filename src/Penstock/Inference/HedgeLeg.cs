using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// One of the calls that race for a request, as far as the first byte of its answer. Touches nothing that the legs have
/// in common. A lease: dispose it, and a call under way is broken off.
/// </summary>
internal sealed class HedgeLeg : IAsyncDisposable
{
    private readonly CancellationTokenRegistration _gone;
    private bool _hasWord;

    private HedgeLeg(in AttemptEntry entry, UpstreamCall call, CancellationToken gone)
    {
        (Entry, Call) = (entry, call);
        _gone = gone.UnsafeRegister(static call => ((UpstreamCall)call!).Abort(UpstreamFailure.ClientGone), call);
    }

    public AttemptEntry Entry { get; }

    public UpstreamCall Call { get; }

    /// <summary>Completes when the replica has the word, or has failed.</summary>
    public Task Opened { get; private set; } = Task.CompletedTask;

    /// <summary>
    /// The replica has the word, be it an answer or its judgement of the request. If not when it is opened, it failed,
    /// and another may do better.
    /// </summary>
    public bool HasWord => Volatile.Read(ref _hasWord);

    /// <summary>The answer has begun: no error status.</summary>
    public bool IsAnswering => HasWord && Call.Head.Status is >= 200 and < 300;

    public static HedgeLeg Open(
        in AttemptEntry entry,
        UpstreamCall call,
        UpstreamRequest upstream,
        DeploymentTimeouts timeouts,
        long deadline,
        CancellationToken gone
    )
    {
        var leg = new HedgeLeg(entry, call, gone);
        leg.Opened = leg.OpenAsync(upstream, timeouts, deadline);
        return leg;
    }

    /// <summary>Nobody wants it any more: the engine hears so at once.</summary>
    public void Outrun()
    {
        Call.Abort(UpstreamFailure.Closed);
        Entry.Outrun();
    }

    public async ValueTask DisposeAsync()
    {
        Entry.BreakOff();
        if (!Opened.IsCompleted)
        {
            Call.Abort(UpstreamFailure.Closed);
        }

        await Opened.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _gone.DisposeAsync();
        Call.Dispose();
    }

    private async Task OpenAsync(UpstreamRequest upstream, DeploymentTimeouts timeouts, long deadline)
    {
        if (
            !await Call.SendAsync(Entry.Replica, upstream, timeouts, deadline)
            || await Call.ReadHeadAsync() != ReadStep.Data
            || RetryPolicy.IsTransient(Call.Head.Status)
        )
        {
            return;
        }

        // An engine that sends its head at once has not answered yet.
        var hasWord = Call.Head.Status is < 200 or >= 300 || await Call.WaitForBodyAsync() != ReadStep.Failed;
        Volatile.Write(ref _hasWord, hasWord);
    }
}
