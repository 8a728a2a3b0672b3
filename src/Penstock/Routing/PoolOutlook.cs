using System.Runtime.InteropServices;
using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>What can be expected of a pool's replicas, as of its last look at them. The line's lock is held.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct PoolOutlook(DeploymentPool pool, TimeProvider time)
{
    /// <summary>An engine that wants to be left alone for longer is not waited for: a fallback may do better.</summary>
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>Why waiting makes no sense; null: a slot may come free.</summary>
    public NoSlot? Hopeless()
    {
        var (drained, backingOff) = (0, false);
        foreach (var standing in pool.Standings)
        {
            if (standing.IsOpen() || standing is Standing.Full or Standing.Starting)
            {
                return null;
            }

            drained += standing == Standing.Drained ? 1 : 0;
            backingOff |= standing == Standing.BackingOff;
        }

        if (drained == pool.Standings.Length)
        {
            return new NoSlot(NoSlotReason.Stopped, RetryAfter: null);
        }

        var next = UntilNextProbe();
        return !backingOff ? new NoSlot(NoSlotReason.NoHealthyReplica, next)
            : next > LongestBackOff ? new NoSlot(NoSlotReason.BackingOff, next)
            : null;
    }

    /// <summary>Nothing can be expected but the end of a start.</summary>
    public bool AreStarting()
    {
        var starting = false;
        foreach (var standing in pool.Standings)
        {
            if (standing.IsOpen() || standing is Standing.Full or Standing.BackingOff)
            {
                return false;
            }

            starting |= standing == Standing.Starting;
        }
        return starting;
    }

    /// <summary>What somebody is told whose wait for a start is over.</summary>
    public NoSlot Starts()
    {
        TimeSpan? soonest = null;
        var words = "";
        foreach (var replica in pool.Replicas)
        {
            var report = replica.LastReport;
            if (report.Condition != ReplicaCondition.Starting)
            {
                continue;
            }

            words = words.Length == 0 ? report.Reason : words;
            var left = report.Estimate - time.GetElapsedTime(report.At);
            soonest = left < soonest || soonest is null ? left ?? soonest : soonest;
        }
        return new NoSlot(NoSlotReason.Starting, soonest < TimeSpan.Zero ? null : soonest, words);
    }

    /// <summary>The next moment (timestamp) at which a replica comes back by itself; <see cref="long.MaxValue"/>: none does.</summary>
    public long Soonest()
    {
        var soonest = long.MaxValue;
        for (var i = 0; i < pool.Replicas.Count; i++)
        {
            var replica = pool.Replicas[i];
            var until = pool.Standings[i] switch
            {
                Standing.BackingOff => replica.BackOffUntil,
                Standing.CircuitOpen when !replica.Breaker.IsProbing => replica.Breaker.OpenUntil,
                _ => long.MaxValue,
            };
            soonest = Math.Min(soonest, until);
        }
        return soonest;
    }

    private TimeSpan? UntilNextProbe()
    {
        var soonest = Soonest();
        return soonest == long.MaxValue ? null : time.Span(Math.Max(0, soonest - time.GetTimestamp()));
    }
}
