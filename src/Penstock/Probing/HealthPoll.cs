using Penstock.Engines;
using Penstock.Routing;

namespace Penstock.Probing;

/// <summary>One look at how an engine is, by an answer that costs it no token.</summary>
internal sealed class HealthPoll(EngineClient client, EngineAddress engine, ProbingMetrics metrics, TimeProvider time)
{
    /// <summary>
    /// Late answers in a row after which an engine is taken to hang. An engine that is merely busy comes to one of them.
    /// </summary>
    private const int MostLate = 3;

    private int _late;

    public async Task<ReplicaReport> LookAsync(TimeSpan patience, CancellationToken stop)
    {
        var reply = await client.GetAsync(engine, engine.Engine.HealthPath, patience, stop);
        metrics.Polled(PollKind.Health, reply);
        _late = reply.Kind is ReplyKind.Late ? _late + 1 : 0;
        var condition = ConditionOf(reply);
        // A replica that holds requests while it starts is woken by them.
        var takes = condition is not ReplicaCondition.Starting || engine.Engine.ColdStart is ColdStart.Holds;
        return new ReplicaReport(condition, reply.Reason, Estimate: null, takes, time.GetTimestamp());
    }

    private ReplicaCondition ConditionOf(EngineReply reply) =>
        reply.Kind switch
        {
            ReplyKind.Unreachable => ReplicaCondition.Failing,
            ReplyKind.Late when _late >= MostLate => ReplicaCondition.Failing,
            // An engine that is busy may be late, and is well all the same: traffic will tell.
            ReplyKind.Late or ReplyKind.TooLarge => ReplicaCondition.Unknown,
            // The path is not there, or not for us: that says nothing of the engine.
            _ when reply.IsClosedToUs || reply.Status is 404 or 405 && !IsWell(reply) => ReplicaCondition.Unknown,
            _ => engine.Engine.Health(reply.Status, reply.Body) switch
            {
                EngineHealth.Alive => ReplicaCondition.Alive,
                EngineHealth.Starting or EngineHealth.Throttled => ReplicaCondition.Starting,
                _ => ReplicaCondition.Failing,
            },
        };

    private bool IsWell(EngineReply reply) => engine.Engine.Health(reply.Status, reply.Body) is EngineHealth.Alive;
}
