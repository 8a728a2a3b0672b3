using Penstock.Limits;

namespace Penstock.Storage.Redis;

/// <summary>What this node grants of each limit by itself while the shared server does not answer.</summary>
internal sealed class LimitShares(RedisFleet fleet, LocalLimitStore local, RedisMetrics metrics)
{
    /// <summary>What was granted here and is not told yet: the server is told with the key's next request.</summary>
    public int HandOver(Guid key) => local.HandOver(key);

    /// <summary>The server did not hear it.</summary>
    public void HandBack(Guid key, int count) => local.HandBack(key, count);

    public async ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken)
    {
        metrics.DecideAlone();
        return Whole(await local.TakeAsync(ShareOf(limit), cancellationToken), limit);
    }

    public async ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken) =>
        Whole(await local.PeekAsync(ShareOf(limit), cancellationToken), limit);

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
