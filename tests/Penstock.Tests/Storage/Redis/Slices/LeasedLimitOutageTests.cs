using Penstock.Limits;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>A server that is killed while three nodes hold slices of its limits.</summary>
public sealed class LeasedLimitOutageTests : IAsyncLifetime
{
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
            Assert.InRange(alone[^1], 21, 20 + (60 / 4));
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
        Assert.InRange(await TakeAsync(_nodes[0], limit, 100), 20, 35);

        var back = _nodes[0].Back();
        await _server.StartAgainAsync();
        await back;
        _clock.AdvanceSeconds(2);

        // It came back empty, and hears of the twenty.
        var slices = _nodes[0].DecidedFromSlices;
        Assert.Equal(40, await TakeAsync(_nodes[0], limit, 100));
        Assert.True(_nodes[0].DecidedFromSlices > slices);
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
}
