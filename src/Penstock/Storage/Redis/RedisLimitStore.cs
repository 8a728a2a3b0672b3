using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// Keeps the histories where all nodes see them: one script a decision, by the server's clock. While the server does not
/// answer, this node grants its share of each limit, and says so to the server with the key's next request.
/// </summary>
internal sealed class RedisLimitStore(RedisConnection connection, LimitShares shares, RedisClock clock) : ILimitStore
{
    private static readonly RedisScript Take = RedisScript.Load("clock", "window", "bucket", "take");
    private static readonly RedisScript Peek = RedisScript.Load("clock", "window", "peek");

    public async ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken)
    {
        if (connection.IsUsable)
        {
            var alone = shares.HandOver(limit.KeyId);
            if (await AskAsync(Take, limit, alone) is { } decision)
            {
                return decision;
            }

            shares.HandBack(limit.KeyId, alone);
        }

        return await shares.TakeAsync(limit, cancellationToken);
    }

    public async ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken) =>
        connection.IsUsable && await AskAsync(Peek, limit, 0) is { } decision
            ? decision
            : await shares.PeekAsync(limit, cancellationToken);

    /// <summary>Where a key's history stands: each has a shard of its own.</summary>
    public static RedisKey KeyOf(RedisConnection connection, Guid key) => $"{connection.Prefix}:limit:{{{key:N}}}";

    private async ValueTask<LimitDecision?> AskAsync(RedisScript script, Limit limit, int alone)
    {
        var reply = await connection.DecideAsync(
            script,
            [KeyOf(connection, limit.KeyId)],
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
}
