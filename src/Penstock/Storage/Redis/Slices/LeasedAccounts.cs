using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Penstock.Storage.Redis.Slices;

/// <summary>The slices that this node has of the accounts in the shared server, and what it tells of them.</summary>
internal sealed class LeasedAccounts(
    RedisConnection connection,
    RedisAccounts accounts,
    RedisClock clock,
    SliceTerms terms
)
{
    private static readonly RedisScript SliceScript = RedisAccounts.Load("slice");

    private readonly ConcurrentDictionary<Guid, AccountSlice> _slices = new();
    private long _number;

    public AccountSlice this[Guid holder] =>
        _slices.TryGetValue(holder, out var known)
            ? known
            : _slices.GetOrAdd(
                holder,
                static (_, self) =>
                    new AccountSlice(
                        self.Terms,
                        () => self.Accounts.KnownEpoch,
                        () => Interlocked.Increment(ref self._number)
                    ),
                this
            );

    /// <summary>Gives back the slices of accounts that have fallen silent, and tells what was used.</summary>
    /// <param name="all">Those in use too.</param>
    public async Task GiveBackAsync(bool all)
    {
        foreach (var chunk in _slices.Chunk(64))
        {
            await Task.WhenAll(chunk.Select(one => GiveBackAsync(one.Key, one.Value, all)));
            foreach (var idle in chunk.Where(one => one.Value.TryRetire()))
            {
                _slices.TryRemove(idle);
            }
        }
    }

    private RedisAccounts Accounts => accounts;

    private SliceTerms Terms => terms;

    private async Task GiveBackAsync(Guid holder, AccountSlice slice, bool all)
    {
        if (all && slice.UnderWay is { } underWay)
        {
            await underWay;
        }

        // What could not be told before comes first, and then what gathered meanwhile.
        var isHeard = true;
        while (isHeard && connection.IsUsable && (all ? slice.GiveBack() : slice.GiveBackIfDue()) is { } order)
        {
            isHeard = await SendAsync(holder, slice, order);
        }
    }

    /// <summary>Sends a message of an account's slice.</summary>
    /// <returns>Whether it was heard, as far as is known.</returns>
    public async Task<bool> SendAsync(Guid holder, AccountSlice slice, AccountOrder order)
    {
        var keys = accounts.KeysOfChange(holder, "sliced");
        if (await connection.DecideAsync(SliceScript, keys, Values(order)) is not { } reply)
        {
            slice.Lose(order);
            return false;
        }

        var told = AccountReply.Read(reply, terms.Time);
        accounts[holder].Known = told.Standing;
        slice.Accept(order, told);
        accounts.HearEpoch(told.Epoch);
        return true;
    }

    private RedisValue[] Values(AccountOrder order) =>
        [
            clock.Now,
            order.Batch.Number,
            (long)RedisAccounts.NumbersLive.TotalMilliseconds,
            order.Batch.Used.Tokens,
            order.Batch.Used.Cost,
            order.Batch.Begun.Tokens,
            order.Batch.Epoch,
            order.Slice,
            RedisAccounts.Micros(terms.NodeLease),
            terms.Percent,
            order.Held.Tokens,
            order.Held.Cost,
            order.Left.Tokens,
            order.Left.Cost,
            order.Untold,
            order.Wanted.Tokens,
            order.Wanted.Cost,
            order.Least.Tokens,
            order.Least.Cost,
            .. RedisAllowanceStore.Numbers(order.Limits, order.Credited),
            .. order.Batch.Amends.SelectMany(one => new RedisValue[] { one.Second, one.Tokens }),
        ];
}
