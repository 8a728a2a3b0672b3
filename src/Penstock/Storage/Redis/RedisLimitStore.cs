using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// Keeps the histories where all nodes see them: one script a decision, by the server's clock. While the server does not
/// answer, this node grants its share of each limit, and says so to the server with the key's next request.
/// </summary>
internal sealed class RedisLimitStore(
    RedisConnection connection,
    RedisFleet fleet,
    LocalLimitStore local,
    RedisMetrics metrics,
    RedisClock clock
) : ILimitStore
{
    private static readonly RedisScript Take = RedisScript.Load("clock", "window", "take");
    private static readonly RedisScript Peek = RedisScript.Load("clock", "window", "peek");

    public async ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken)
    {
        if (connection.IsUsable)
        {
            var alone = local.HandOver(limit.KeyId);
            if (await AskAsync(Take, limit, alone) is { } decision)
            {
                return decision;
            }

            local.HandBack(limit.KeyId, alone);
        }

        metrics.DecideAlone();
        return Whole(await local.TakeAsync(ShareOf(limit), cancellationToken), limit);
    }

    public async ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken) =>
        connection.IsUsable && await AskAsync(Peek, limit, 0) is { } decision
            ? decision
            : Whole(await local.PeekAsync(ShareOf(limit), cancellationToken), limit);

    private async ValueTask<LimitDecision?> AskAsync(RedisScript script, Limit limit, int alone)
    {
        RedisKey key = $"{connection.Prefix}:limit:{{{limit.KeyId:N}}}";
        var reply = await connection.DecideAsync(
            script,
            [key],
            [clock.Now, limit.RequestsPerMinute, limit.Burst, alone]
        );
        return reply is null
            ? null
            : new LimitDecision(
                (int)reply[0] == 1,
                limit.RequestsPerMinute,
                (int)reply[1],
                (long)reply[2],
                (int)reply[3]
            );
    }

    /// <summary>All shares together are no more than the limit, unless there are more nodes than requests in it.</summary>
    private Limit ShareOf(Limit limit)
    {
        var nodes = fleet.Nodes;
        return limit with
        {
            RequestsPerMinute = Math.Max(1, limit.RequestsPerMinute / nodes),
            Burst = Math.Max(1, limit.Burst / nodes),
        };
    }

    /// <summary>The caller is told of its limit, whoever has decided.</summary>
    private static LimitDecision Whole(in LimitDecision decision, in Limit limit) =>
        decision with
        {
            Limit = limit.RequestsPerMinute,
        };
}
