using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Routing;

namespace Penstock.Inference;

/// <summary>
/// How long a request waits for replicas of which none can be reached: an engine that died is back in seconds where
/// somebody looks after it. Who has half an answer waits as long as for a slot; who has nothing waits while the outage
/// is young, and only where nobody else may answer.
/// </summary>
/// <param name="isLast">No other deployment may answer.</param>
internal sealed class Patience(RetryPolicy policy, Caller caller, ModelRoute route, bool isLast, TimeProvider time)
{
    private long _until;
    private int _waits;

    /// <summary>The answer has come forward.</summary>
    public void Renew() => (_until, _waits) = (0, 0);

    /// <summary>Waits for a moment, with comments meanwhile.</summary>
    /// <param name="asked">When another try makes sense; null: nobody knows.</param>
    /// <returns>False: there is no time left, or nobody to be waited for.</returns>
    public async ValueTask<bool> WaitAsync(Attempted attempted, TimeSpan? asked)
    {
        if (caller.Gone.IsCancellationRequested || Next(attempted, asked) is not { } wait)
        {
            return false;
        }

        if (!route.State.Outage.TryEnter(route.Deployment.Limits))
        {
            return false;
        }

        try
        {
            caller.Record.Trace?.Pause();
            await caller.WhileWaitingAsync(Task.Delay(wait, time, caller.Gone));
        }
        finally
        {
            route.State.Outage.Leave();
        }

        return true;
    }

    private TimeSpan? Next(in Attempted attempted, TimeSpan? asked)
    {
        var now = time.GetTimestamp();
        var most = route.Deployment.Limits.QueueWait;
        if (_until == 0)
        {
            _until = now + time.Ticks(most);
        }

        var pause = policy.Pause(++_waits, retryAfterSeconds: 0) ?? most;
        var wait = asked > pause ? asked.Value : pause;
        return wait <= Left(attempted) && now + time.Ticks(wait) <= _until ? wait : null;
    }

    private TimeSpan Left(in Attempted attempted)
    {
        if (caller.Broken is null)
        {
            return isLast || caller.HasHead ? OutageWaiters.Left(route, attempted, time) : TimeSpan.Zero;
        }

        for (var i = 0; i < route.Replicas.Count; i++)
        {
            if (!attempted.HasGivenUp(route.Replicas[i]))
            {
                return TimeSpan.MaxValue;
            }
        }

        return TimeSpan.Zero;
    }
}
