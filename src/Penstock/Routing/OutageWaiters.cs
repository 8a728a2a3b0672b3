using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>
/// Those who wait for a deployment of which no replica can be reached. Only while the outage is young, and no more at
/// once than may stand in the line. Safe for all threads.
/// </summary>
internal sealed class OutageWaiters
{
    private int _count;

    /// <returns>False: there are too many already. True: leave when the wait is over.</returns>
    public bool TryEnter(DeploymentLimits limits)
    {
        if (Interlocked.Increment(ref _count) <= limits.Queue)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave() => Interlocked.Decrement(ref _count);

    /// <summary>For how long a replica may still be expected back, as its outage is young; zero or less: for none.</summary>
    public static TimeSpan Left(ModelRoute route, in Attempted attempted, TimeProvider time)
    {
        var youngest = 0L;
        for (var i = 0; i < route.Replicas.Count; i++)
        {
            var replica = route.Replicas[i];
            if (!replica.Address.Drained && !attempted.HasGivenUp(replica))
            {
                youngest = Math.Max(youngest, replica.FailingSince);
            }
        }

        return youngest == 0
            ? TimeSpan.Zero
            : route.Deployment.Limits.OutageWait - time.GetElapsedTime(youngest, time.GetTimestamp());
    }
}
