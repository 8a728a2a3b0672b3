using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Keys;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>A server that is killed while three nodes hold slices of limits and balances.</summary>
public sealed class LeasedOutageTests : IAsyncLifetime
{
    private const int Balance = 9_000;
    private const int Cost = 10;

    private readonly RedisServer _server = new();
    private readonly TickClock _clock = new(1_000_000);
    private readonly List<RedisNode> _nodes = [];

    public async ValueTask InitializeAsync()
    {
        await _server.InitializeAsync();
        var time = RedisTime.Of(_clock);
        while (_nodes.Count < 3)
        {
            // Deadlines and the breaker are real; leases and shares go by the test's clock.
            _nodes.Add(await RedisNode.OpenAsync(_server.Connection, "leased", clock: time, limits: _clock));
        }

        foreach (var node in _nodes.Concat(_nodes))
        {
            await node.Fleet.BeatAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task What_is_leased_is_granted_first_and_the_minute_stays_within_limit_and_two_bursts()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 60);
        foreach (var node in _nodes)
        {
            Assert.Equal(6, await TakeAsync(node, limit, 6));
        }

        _server.Kill();
        await Task.WhenAll(_nodes.Select(node => node.NoticeAsync()));
        var alone = new List<int>();
        foreach (var node in _nodes)
        {
            // Twenty of its own share, and what it had leased.
            alone.Add(await TakeAsync(node, limit, 100));
            Assert.Equal(20, node.DecidedAlone - (100 - alone[^1]));
            Assert.InRange(alone[^1], 21, 20 + (60 / 10));
        }

        var granted = 18 + alone.Sum();
        for (var second = 0; second < 60; second++)
        {
            _clock.AdvanceSeconds(1);
            foreach (var node in _nodes)
            {
                granted += await TakeAsync(node, limit, 2);
            }
        }

        Assert.InRange(granted, limit.RequestsPerMinute + limit.Burst, limit.RequestsPerMinute + (2 * limit.Burst));
    }

    [Fact]
    public async Task When_it_is_back_what_was_granted_alone_is_told_and_slices_are_leased_anew()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 60);
        await TakeAsync(_nodes[0], limit, 6);
        _server.Kill();
        await _nodes[0].NoticeAsync();
        Assert.InRange(await TakeAsync(_nodes[0], limit, 100), 20, 26);

        var back = _nodes[0].Back();
        await _server.StartAgainAsync();
        await back;
        _clock.AdvanceSeconds(2);

        // It came back empty, and hears of the twenty.
        var slices = _nodes[0].DecidedFromSlices;
        Assert.Equal(40, await TakeAsync(_nodes[0], limit, 100));
        Assert.True(_nodes[0].DecidedFromSlices > slices);
    }

    [Fact]
    public async Task Slices_and_shares_together_stay_within_the_bound_and_all_of_it_is_told_once()
    {
        var grant = Grants.For("a-key") with { Credited = Balance };
        await RestoreAsync(_nodes[0], grant, spent: 0);
        foreach (var node in _nodes)
        {
            Assert.Equal(20 * Cost, await SpendAsync(node, grant, most: 20));
        }

        Assert.All(_nodes, node => Assert.True(node.DecidedFromSlices > 0));
        _server.Kill();
        await Task.WhenAll(_nodes.Select(node => node.NoticeAsync()));
        var alone = 0L;
        foreach (var node in _nodes)
        {
            alone += await SpendAsync(node, grant, most: int.MaxValue);
        }

        // Each divides what was left when it heard last: of what the others used since, it knows nothing.
        var used = (3 * 20 * Cost) + alone;
        Assert.InRange(used, Balance / 2, Balance + (2 * 20 * Cost) + (3 * Cost));

        var back = Task.WhenAll(_nodes.Select(node => node.Back()));
        await _server.StartAgainAsync();
        await back;
        foreach (var node in _nodes)
        {
            await node.Accounts.TellAllAsync();
            await node.LeasedAccounts.GiveBackAsync(all: true);
        }

        // It came back empty, and the ledger has all of it: neither is added to the other.
        foreach (var node in _nodes)
        {
            await RestoreAsync(node, grant, used);
        }

        var filled = grant with { Credited = used + (5 * Cost) };
        Assert.Equal(5 * Cost, await SpendAsync(_nodes[0], filled, most: 5));
        await _nodes[0].Accounts.TellAllAsync();
        await _nodes[0].LeasedAccounts.GiveBackAsync(all: true);
        Assert.Equal(0, await SpendAsync(_nodes[1], filled, most: 1));
    }

    private static async Task<int> TakeAsync(RedisNode node, Limit limit, int requests)
    {
        var granted = 0;
        for (var request = 0; request < requests; request++)
        {
            granted += (await node.LeasedLimits.TakeAsync(limit, CancellationToken.None)).Granted ? 1 : 0;
        }

        return granted;
    }

    private static ValueTask RestoreAsync(RedisNode node, KeyGrant grant, long spent) =>
        node.LeasedAllowances.RestoreAsync(
            new Dictionary<Guid, UsedSoFar> { [grant.WorkspaceId] = new(default, default, spent) },
            CancellationToken.None
        );

    /// <returns>What was spent until a request was refused.</returns>
    private static async Task<long> SpendAsync(RedisNode node, KeyGrant grant, int most)
    {
        for (var request = 0; request < most; request++)
        {
            var verdict = await node.LeasedAllowances.ReserveAsync(grant, new Outlay(0, Cost), CancellationToken.None);
            if (verdict.Reservation is not { } reservation)
            {
                return (long)request * Cost;
            }

            node.LeasedAllowances.Settle(reservation, new Outlay(0, Cost));
        }

        return (long)most * Cost;
    }
}
