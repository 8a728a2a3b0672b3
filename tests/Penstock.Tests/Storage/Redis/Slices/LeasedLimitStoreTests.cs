using Penstock.Limits;
using Penstock.Storage.Redis;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>One node alone decides as without slices: what it has leased it also grants.</summary>
public sealed class LeasedLimitStoreTests(RedisServer server)
    : LimitStoreContract,
        IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private readonly TickClock _clock = new(1_000_000);
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private RedisClock _time = null!;
    private RedisNode _node = null!;
    private long _first;

    private protected override TickClock Clock => _clock;

    private protected override ILimitStore Store => _node.LeasedLimits;

    public async ValueTask InitializeAsync()
    {
        _first = _clock.GetTimestamp();
        _time = RedisTime.Of(_clock);
        _node = await NodeAsync();
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Most_requests_of_a_busy_key_are_decided_without_asking()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 6_000, Burst: 1_000);
        for (var request = 0; request < 500; request++)
        {
            Assert.True((await TakeAsync(limit)).Granted);
            // Half of what passes by itself.
            _clock.AdvanceTicks(20_000);
        }

        Assert.InRange(_node.DecidedFromSlices, 400, 500);
        Assert.Equal(0, _node.DecidedAlone);
    }

    [Fact]
    public async Task A_key_that_asks_once_a_lease_holds_no_slice()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 600, Burst: 100);
        for (var request = 0; request < 10; request++)
        {
            await TakeAsync(limit);
            _clock.AdvanceSeconds(2);
        }

        Assert.Equal(0, _node.DecidedFromSlices);
    }

    [Fact]
    public async Task What_a_silent_key_has_leased_is_given_back_and_giving_back_twice_counts_once()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 100);
        await using var other = await NodeAsync();
        await TakeAsync(10, limit);
        var slice = await HeldAsync(limit);
        Assert.InRange(slice, 1, 10);

        _clock.AdvanceTicks(_clock.TimestampFrequency * 7 / 10);
        await _node.Slices.StepAsync();
        await _node.Slices.StepAsync();
        await _node.LeasedLimits.GiveBackAsync(all: true);

        Assert.Equal(0, await HeldAsync(limit));
        Assert.Equal(90, await TakeAsync(other, limit, 200));
    }

    [Fact]
    public async Task A_killed_node_s_slice_was_used_when_its_lease_ends_and_drains_from_then_on()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 100);
        await TakeAsync(10, limit);
        var slice = await HeldAsync(limit);
        Assert.InRange(slice, 1, 10);

        // It says no more. The others have what is left: until its end none of its slice, then a request a second.
        await using var other = await NodeAsync();
        var lease = TimeSpan.FromMilliseconds(_node.Options.SliceMilliseconds);
        var granted = await TakeAsync(other, limit, 200);
        Assert.InRange(granted, 100 - 10 - slice, 100 - 10);
        await other.LeasedLimits.GiveBackAsync(all: true);
        _clock.AdvanceSeconds((long)lease.TotalSeconds + 60);
        Assert.InRange(await TakeAsync(other, limit, 200), 60, 62);
        await other.LeasedLimits.GiveBackAsync(all: true);
        _clock.AdvanceSeconds(100);
        Assert.Equal(100, await TakeAsync(other, limit, 200));
    }

    [Fact]
    public async Task The_clocks_of_the_nodes_do_not_matter()
    {
        var ahead = new TickClock(1_000) { Wall = DateTimeOffset.UnixEpoch.AddYears(90) };
        var behind = new TickClock(7) { Wall = DateTimeOffset.UnixEpoch.AddYears(1) };
        await using var one = await NodeAsync(RedisClock.Own, ahead);
        await using var other = await NodeAsync(RedisClock.Own, behind);
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 50);

        var granted = 0;
        for (var request = 0; request < 200; request++)
        {
            granted += await TakeAsync(request % 2 == 0 ? one : other, limit, 1);
            ahead.AdvanceSeconds(3_600);
        }

        // One that always finds its lease over has told of everything; the other has all of what it leased.
        Assert.Equal(50, granted);
    }

    [Fact]
    public async Task Requests_at_the_same_time_on_three_nodes_are_granted_no_more_than_the_burst()
    {
        await using var one = await NodeAsync();
        await using var other = await NodeAsync();
        RedisNode[] nodes = [_node, one, other];
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 100);

        var decisions = await Task.WhenAll(
            Enumerable
                .Range(0, 600)
                .Select(number => nodes[number % 3].LeasedLimits.TakeAsync(limit, CancellationToken.None).AsTask())
        );

        Assert.InRange(decisions.Count(decision => decision.Granted), 100 - (3 * 10), 100);
        var rest = await Task.WhenAll(nodes.Select(node => TakeAsync(node, limit, 100)));
        Assert.Equal(100, decisions.Count(decision => decision.Granted) + rest.Sum());
    }

    [Fact]
    public async Task Everything_that_is_kept_has_an_end()
    {
        await TakeAsync(10, new Limit(Guid.NewGuid(), 60, 100));

        Assert.All(await _node.LifetimesAsync(), left => Assert.InRange(left, 1, 200_000));
    }

    private protected override long ResetIn(int seconds) =>
        _clock.Wall.ToUnixTimeSeconds() + ((_clock.GetTimestamp() - _first) / 1_000_000) + seconds;

    private async Task TakeAsync(int requests, Limit limit) =>
        Assert.Equal(requests, await TakeAsync(_node, limit, requests));

    private static async Task<int> TakeAsync(RedisNode node, Limit limit, int requests)
    {
        var granted = 0;
        for (var request = 0; request < requests; request++)
        {
            granted += (await node.LeasedLimits.TakeAsync(limit, CancellationToken.None)).Granted ? 1 : 0;
        }

        return granted;
    }

    /// <summary>Requests that are leased of a key, by the server's word.</summary>
    private async Task<int> HeldAsync(Limit limit) =>
        (int)
            (
                await _node.Connection.RunAsync(
                    new RedisScript(
                        "local sum = 0 for _, text in ipairs(redis.call('HVALS', KEYS[1])) do "
                            + "sum = sum + string.match(text, '^%d+') end return sum"
                    ),
                    [$"{RedisLimitStore.KeyOf(_node.Connection, limit.KeyId)}:slices"],
                    []
                )
            )!;

    private Task<RedisNode> NodeAsync(RedisClock? clock = null, TimeProvider? time = null) =>
        RedisNode.OpenAsync(server.Connection, _prefix, time ?? _clock, clock ?? _time);
}
