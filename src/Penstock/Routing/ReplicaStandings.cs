using Penstock.Primitives;

namespace Penstock.Routing;

/// <summary>Judges whether a replica may have a request, and says so in words.</summary>
internal static class ReplicaStandings
{
    /// <summary>A request may go to it, if no replica stands better.</summary>
    public static bool IsOpen(this Standing standing) => standing <= Standing.Tried;

    public static Standing Of(Replica replica, int capacity, in Attempted attempted, long now)
    {
        if (replica.Address.Drained)
        {
            return Standing.Drained;
        }

        if (attempted.HasGivenUp(replica))
        {
            return Standing.GivenUp;
        }

        if (!replica.Breaker.Admits(now))
        {
            return Standing.CircuitOpen;
        }

        var report = replica.LastReport;
        if (report is { Condition: ReplicaCondition.Starting, TakesRequests: false } && replica.AnsweredAt <= report.At)
        {
            return Standing.Starting;
        }

        if (now < replica.BackOffUntil)
        {
            return Standing.BackingOff;
        }

        return replica.InFlight >= capacity ? Standing.Full
            : attempted.Contains(replica) ? Standing.Tried
            : replica.IsResting(now) ? Standing.Resting
            : report.Condition == ReplicaCondition.Failing && replica.AnsweredAt <= report.At ? Standing.ReportedFailing
            : Standing.Available;
    }

    /// <summary>Requests that one replica may have at once: the deployment's limit, or the engine's own if that is lower.</summary>
    public static int CapacityOf(Replica replica, DeploymentLimits limits) =>
        Math.Min(limits.MaxConcurrency, replica.Card?.MaxConcurrency ?? int.MaxValue);

    /// <summary>Why a replica stands as it does, for an operator.</summary>
    public static string Explain(this Standing standing, Replica replica, TimeProvider time)
    {
        var now = time.GetTimestamp();
        return standing switch
        {
            Standing.Available => "takes requests",
            Standing.ReportedFailing => $"a health check found it failing: {replica.LastReport.Reason}",
            Standing.Resting =>
                $"failed a moment ago ({replica.LastFailure}); others are asked first for {Left(replica.RestUntil)}",
            Standing.Tried => "failed this request before; others are asked first",
            Standing.Full => $"all its slots are taken ({replica.InFlight} under way)",
            Standing.BackingOff => $"the engine asked to be left alone for another {Left(replica.BackOffUntil)}",
            Standing.Starting => $"is starting: {replica.LastReport.Reason}",
            Standing.CircuitOpen when replica.Breaker.IsProbing =>
                $"failed too often ({replica.LastFailure}); one request is finding out whether it is well again",
            Standing.CircuitOpen =>
                $"failed too often ({replica.LastFailure}); the next request may probe it in {Left(replica.Breaker.OpenUntil)}",
            Standing.GivenUp => "kept silent to this request, or cannot do what it wants",
            Standing.Drained => "is drained: the operator wants it empty",
            _ => throw new ArgumentOutOfRangeException(nameof(standing), standing, "A standing without words."),
        };

        string Left(long until) => $"{Math.Max(0, time.Span(until - now).TotalSeconds):0.0} s";
    }
}
