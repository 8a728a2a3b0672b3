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

    private HedgeLeg(in AttemptEntry entry, UpstreamCall call, CancellationToken gone)
    {
        (Entry, Call) = (entry, call);
        _gone = gone.UnsafeRegister(static call => ((UpstreamCall)call!).Abort(UpstreamFailure.ClientGone), call);
    }

    public AttemptEntry Entry { get; }

    public UpstreamCall Call { get; }

    /// <summary>
    /// True: the replica has the word, be it an answer or its judgement of the request. False: it failed, and another
    /// may do better.
    /// </summary>
    public required Task<bool> Opened { get; init; }

    public bool HasWord => Opened is { IsCompletedSuccessfully: true, Result: true };

    /// <summary>The answer has begun: no error status.</summary>
    public bool IsAnswering => HasWord && Call.Head.Status is >= 200 and < 300;

    public static HedgeLeg Open(
        in AttemptEntry entry,
        UpstreamCall call,
        UpstreamRequest upstream,
        DeploymentTimeouts timeouts,
        long deadline,
        CancellationToken gone
    ) => new(entry, call, gone) { Opened = OpenAsync(call, entry.Replica, upstream, timeouts, deadline) };

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

        await ((Task)Opened).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _gone.DisposeAsync();
        Call.Dispose();
    }

    private static async Task<bool> OpenAsync(
        UpstreamCall call,
        Replica replica,
        UpstreamRequest upstream,
        DeploymentTimeouts timeouts,
        long deadline
    )
    {
        if (!await call.SendAsync(replica, upstream, timeouts, deadline))
        {
            return false;
        }

        if (await call.ReadHeadAsync() != ReadStep.Data || RetryPolicy.IsTransient(call.Head.Status))
        {
            return false;
        }

        // An engine that sends its head at once has not answered yet.
        return call.Head.Status is < 200 or >= 300 || await call.WaitForBodyAsync() != ReadStep.Failed;
    }
}
