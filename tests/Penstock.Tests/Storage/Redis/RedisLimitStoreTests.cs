using FsCheck.Xunit;
using Penstock.Limits;
using Penstock.Storage.Redis;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis;

public sealed class RedisLimitStoreTests(RedisServer server)
    : LimitStoreContract,
        IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private readonly TickClock _clock = new(1_000_000);
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private RedisNode _node = null!;
    private long _first;

    private protected override TickClock Clock => _clock;

    private protected override ILimitStore Store => _node.Limits;

    public async ValueTask InitializeAsync()
    {
        _first = _clock.GetTimestamp();
        _node = await NodeAsync(RedisTime.Of(_clock));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task The_clocks_of_the_nodes_do_not_matter()
    {
        // By the server's own clock, and two nodes that are an hour apart.
        var ahead = new TickClock(1_000) { Wall = DateTimeOffset.UnixEpoch.AddYears(90) };
        var behind = new TickClock(7) { Wall = DateTimeOffset.UnixEpoch.AddYears(1) };
        await using var one = await NodeAsync(RedisClock.Own, ahead);
        await using var other = await NodeAsync(RedisClock.Own, behind);
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 5);

        var granted = 0;
        for (var request = 0; request < 20; request++)
        {
            var node = request % 2 == 0 ? one : other;
            granted += (await node.Limits.TakeAsync(limit, TestContext.Current.CancellationToken)).Granted ? 1 : 0;
            ahead.AdvanceSeconds(3_600);
        }

        Assert.Equal(5, granted);
    }

    [Fact]
    public async Task Requests_at_the_same_time_on_three_nodes_are_granted_the_burst_and_no_more()
    {
        await using var one = await NodeAsync(RedisTime.Of(_clock));
        await using var other = await NodeAsync(RedisTime.Of(_clock));
        RedisNode[] nodes = [_node, one, other];
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 100);

        var decisions = await Task.WhenAll(
            Enumerable
                .Range(0, 600)
                .Select(number => nodes[number % 3].Limits.TakeAsync(limit, CancellationToken.None).AsTask())
        );

        Assert.Equal(100, decisions.Count(decision => decision.Granted));
    }

    [Property(MaxTest = 40, StartSize = 30, EndSize = 120)]
    public async Task Every_decision_of_three_nodes_is_the_slow_references_decision(
        byte budget,
        byte burst,
        (byte Kind, byte High, byte Low)[] gaps
    )
    {
        var clock = new TickClock(1_000_000);
        var time = RedisTime.Of(clock);
        await using var one = await NodeAsync(time);
        await using var two = await NodeAsync(time, new TickClock(1));
        await using var three = await NodeAsync(time, new TickClock(13));
        RedisNode[] nodes = [one, two, three];

        await LimitSequence.JudgeAsync(
            request => nodes[request % 3].Limits,
            clock,
            LimitSequence.LimitOf(budget, burst),
            gaps
        );
    }

    [Fact]
    public async Task What_is_kept_of_a_key_is_gone_when_it_bears_on_nothing()
    {
        await TakeAsync(new Limit(Guid.NewGuid(), 60, 10));

        Assert.All(await _node.LifetimesAsync(), left => Assert.InRange(left, 1, 62_000));
    }

    private protected override long ResetIn(int seconds) =>
        _clock.Wall.ToUnixTimeSeconds() + ((_clock.GetTimestamp() - _first) / 1_000_000) + seconds;

    private Task<RedisNode> NodeAsync(RedisClock clock, TimeProvider? time = null) =>
        RedisNode.OpenAsync(server.Connection, _prefix, time, clock);
}
