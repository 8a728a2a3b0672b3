using System.Collections.Concurrent;
using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// Decides out of slices that the shared server has granted to this node ahead of need, without asking. A request that
/// finds nothing in its slice is decided by the server, so that no key is refused while the server has anything left.
/// </summary>
internal sealed class LeasedLimitStore(
    RedisConnection connection,
    RedisLimitStore exact,
    LimitShares shares,
    RedisMetrics metrics,
    RedisClock clock,
    SliceTerms terms
) : ILimitStore
{
    private static readonly RedisScript Lease = RedisScript.Load("clock", "window", "bucket", "lease");

    private readonly ConcurrentDictionary<Guid, RequestSlice> _slices = new();

    public ValueTask<LimitDecision> TakeAsync(Limit limit, CancellationToken cancellationToken)
    {
        var slice = SliceOf(limit.KeyId);
        if (!slice.TryTake(limit, out var decision, out var runsOut))
        {
            return AskAsync(slice, limit, cancellationToken);
        }

        metrics.DecideFromSlice();
        if (runsOut && connection.IsUsable && slice.Order(limit) is { } order)
        {
            _ = SendAsync(slice, order);
        }

        return new ValueTask<LimitDecision>(decision);
    }

    public async ValueTask<LimitDecision> PeekAsync(Limit limit, CancellationToken cancellationToken)
    {
        var slice = SliceOf(limit.KeyId);
        if (slice.TryPeek(limit, out var known))
        {
            return known;
        }

        var decision = await exact.PeekAsync(limit, cancellationToken);
        return decision with { Remaining = Math.Max(0, decision.Remaining - slice.Unheard) };
    }

    /// <summary>Gives back the slices of keys that have fallen silent.</summary>
    /// <param name="all">Those in use too: this node ends.</param>
    public async Task GiveBackAsync(bool all)
    {
        foreach (var chunk in _slices.Chunk(64))
        {
            await Task.WhenAll(chunk.Select(one => GiveBackAsync(one.Value, all)));
            foreach (var idle in chunk.Where(one => one.Value.IsIdle()))
            {
                _slices.TryRemove(idle);
            }
        }
    }

    private async Task GiveBackAsync(RequestSlice slice, bool all)
    {
        if (all && slice.UnderWay is { } underWay)
        {
            await underWay;
        }

        if (connection.IsUsable && slice.GiveBack(all) is { } order)
        {
            await SendAsync(slice, order);
        }
    }

    private RequestSlice SliceOf(Guid key) =>
        _slices.TryGetValue(key, out var known)
            ? known
            : _slices.GetOrAdd(key, static (_, terms) => new RequestSlice(terms), terms);

    private async ValueTask<LimitDecision> AskAsync(
        RequestSlice slice,
        Limit limit,
        CancellationToken cancellationToken
    )
    {
        if (connection.IsUsable)
        {
            // What is under way was sent before this and is answered before it.
            var underWay = slice.UnderWay;
            var order = slice.Order(limit);
            var reply = order is null
                ? await AskAsideAsync(slice, slice.Aside(limit))
                : await SendAsync(slice, order, needed: true);
            if (reply is { Granted: false } && underWay is not null)
            {
                await underWay;
            }
            else if (reply is { } told)
            {
                return told.ToDecision(limit, slice.Unheard);
            }

            // What came meanwhile; or, without an answer, what is left.
            if (slice.TryTake(limit, out var decision, out _))
            {
                metrics.DecideFromSlice();
                return decision;
            }

            if (reply is { } refused)
            {
                return refused.ToDecision(limit, slice.Unheard);
            }
        }

        return await shares.TakeAsync(limit, cancellationToken);
    }

    private async Task<RequestReply?> AskAsideAsync(RequestSlice slice, RequestOrder aside)
    {
        var reply = await AskAsync(aside, needed: true);
        if (reply is { } told)
        {
            slice.Hear(aside, told);
        }

        return reply;
    }

    private async Task<RequestReply?> SendAsync(RequestSlice slice, RequestOrder order, bool needed = false)
    {
        var reply = await AskAsync(order, needed);
        if (reply is { } told)
        {
            slice.Accept(order, told);
        }
        else
        {
            slice.Lose(order);
        }

        return reply;
    }

    private async Task<RequestReply?> AskAsync(RequestOrder order, bool needed)
    {
        var (limit, key) = (order.Limit, RedisLimitStore.KeyOf(connection, order.Limit.KeyId));
        var alone = shares.HandOver(limit.KeyId);
        var reply = await connection.DecideAsync(
            Lease,
            [key, $"{key}:slices"],
            [
                clock.Now,
                limit.RequestsPerMinute,
                limit.Burst,
                alone,
                order.Slice,
                order.Used,
                order.UsedAgo,
                order.Keeps,
                needed,
                order.Wanted,
                terms.Percent,
                RedisAccounts.Micros(terms.Lease),
            ]
        );
        if (reply is null)
        {
            shares.HandBack(limit.KeyId, alone);
            return null;
        }

        return RequestReply.Read(reply);
    }
}
