using Penstock.EndToEndTests.Harness;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Storage.Redis;
using Penstock.Tests.Keys;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis;

/// <summary>A server that is killed or stalls in the middle of the traffic of three nodes.</summary>
public sealed class RedisOutageTests : IAsyncLifetime
{
    private readonly RedisServer _server = new();
    private readonly TickClock _clock = new(1_000_000);
    private readonly RedisClock _time;
    private readonly List<RedisNode> _nodes = [];

    public RedisOutageTests() => _time = RedisTime.Of(_clock);

    public async ValueTask InitializeAsync() => await _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Requests_stay_within_the_bound_while_it_is_away_and_are_not_doubled_when_it_is_back()
    {
        await OpenAsync(3);
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 30);
        var before = await HammerAsync(limit, seconds: 30);
        Assert.InRange(before, 59, 60);

        await KillAsync();
        var alone = await HammerAsync(limit, seconds: 30);
        // Each its third of the rate and of the burst: over the whole minute no more than limit and two bursts.
        Assert.InRange(alone, 40, 60);
        Assert.InRange(before + alone, 60, limit.RequestsPerMinute + (2 * limit.Burst));

        await ReturnAsync();
        // It came back empty. The first request of the first node tells of 20 that it granted, which leaves 10 of the
        // burst; those of the others fill it.
        Assert.InRange(await HammerAsync(limit, seconds: 1), 0, 11);
        var after = await HammerAsync(limit, seconds: 29);
        Assert.InRange(after, 20, 30);
        Assert.All(_nodes, node => Assert.Equal(0, node.Away));
    }

    [Fact]
    public async Task A_budget_is_shared_by_what_was_left_of_it_and_what_was_used_alone_is_told_afterwards()
    {
        await OpenAsync(3);
        var grant = Grants.For("a-key") with { Limits = new Allowance { TokensPerDay = 9_000 } };
        foreach (var node in _nodes)
        {
            await SpendAsync(node, grant, 1_000);
        }

        // The last to be asked has heard of all: the others of what was used before their own.
        await KillAsync();
        var alone = 0L;
        foreach (var node in _nodes)
        {
            while (await SpendAsync(node, grant, 100))
            {
                alone += 100;
            }
        }

        // Of 8,000, 7,000 and 6,000 a third each; the last request of each may be larger than the rest of its share.
        Assert.InRange(alone, 6_000, ((8_000 + 7_000 + 6_000) / 3) + (3 * 100));
        await ReturnAsync();
        await Task.WhenAll(_nodes.Select(node => node.Accounts.TellAllAsync()));
        // It came back empty, and the ledger has all of it: neither is added to the other.
        Assert.True(await _nodes[0].Accounts.HasForgottenAsync());
        foreach (var node in _nodes)
        {
            await node.Allowances.RestoreAsync(
                new Dictionary<Guid, UsedSoFar>
                {
                    [grant.KeyId] = new(new Outlay(3_000 + alone, 0), new Outlay(3_000 + alone, 0), 0),
                },
                CancellationToken.None
            );
        }

        Assert.False(await _nodes[0].Accounts.HasForgottenAsync());
        var roomy = grant with { Limits = new Allowance { TokensPerDay = 20_000 } };
        Assert.True(await SpendAsync(_nodes[0], roomy, 20_000 - 3_000 - alone));
        Assert.False(await SpendAsync(_nodes[1], roomy, 1));
    }

    [Fact]
    public async Task What_a_node_granted_alone_is_not_counted_again_when_it_returns_after_the_ledger_s_sums()
    {
        await OpenAsync(1);
        var grant = Grants.For("a-key") with { Credited = 10_000 };
        await RestoreAsync(_nodes[0], grant, spent: 0);
        await using var proxy = new StallingProxy(_server.Port);
        await using var late = await RedisNode.OpenAsync(
            proxy.Connection,
            "outage",
            new WallOf(_clock),
            clock: _time,
            limits: _clock,
            configure: options => options.DeadlineMilliseconds = 500
        );
        await RestoreAsync(late, grant, spent: 0);
        var outdated = 0;
        late.Accounts.Outdated += () => outdated++;
        Assert.True(await PayAsync(late, grant, 1_000));
        await late.Accounts.TellAllAsync();

        // One hangs, the server is lost and comes back; the other gives it what the ledger has, the hanging one's rows too.
        proxy.Stall();
        await late.NoticeAsync();
        Assert.True(await PayAsync(late, grant, 3_000));
        await KillAsync();
        await ReturnAsync();
        await RestoreAsync(_nodes[0], grant, spent: 4_000);
        var back = late.Back();
        proxy.GoOn();
        await back;
        await late.Accounts.TellAllAsync();

        Assert.Equal(1, outdated);
        await RestoreAsync(late, grant, spent: 4_000);
        Assert.False(await PayAsync(late, grant with { Credited = 4_000 }, 1));
        Assert.True(await PayAsync(late, grant with { Credited = 4_001 }, 1));
        await late.Accounts.TellAllAsync();
        // What ends from then on counts, on both.
        Assert.False(await PayAsync(_nodes[0], grant with { Credited = 4_001 }, 1));
        Assert.Equal(1, outdated);
    }

    [Fact]
    public async Task A_server_that_was_lost_between_two_requests_is_noticed_by_what_is_told()
    {
        await OpenAsync(1);
        var grant = Grants.For("a-key") with { Credited = 10_000 };
        await RestoreAsync(_nodes[0], grant, spent: 2_000);
        var outdated = 0;
        _nodes[0].Accounts.Outdated += () => outdated++;
        await _nodes[0].ForgetAsync();

        Assert.True(await PayAsync(_nodes[0], grant, 1_000));
        await _nodes[0].Accounts.TellAllAsync();

        Assert.Equal(1, outdated);
        await RestoreAsync(_nodes[0], grant, spent: 3_000);
        Assert.False(await PayAsync(_nodes[0], grant with { Credited = 3_000 }, 1));
    }

    [Fact]
    public async Task A_stream_that_outlives_the_server_has_its_place_in_the_next_one()
    {
        await OpenAsync(2);
        var grant = Grants.For("a-key") with { Limits = new Allowance { ConcurrentRequests = 2 } };
        Assert.NotNull(await ReserveAsync(_nodes[0], grant));
        await KillAsync();
        // A share of one, and one runs already.
        Assert.Null(await ReserveAsync(_nodes[0], grant));
        var alone = await ReserveAsync(_nodes[1], grant);
        Assert.NotNull(alone);

        await ReturnAsync();
        await _nodes[0].Accounts.RenewAsync(long.MaxValue, TimeSpan.FromSeconds(30));
        _nodes[1].Allowances.Settle(alone, default);
        Assert.NotNull(await ReserveAsync(_nodes[1], grant));
        Assert.Null(await ReserveAsync(_nodes[1], grant));
    }

    [Fact]
    public async Task A_server_that_stalls_holds_no_request_up_and_what_it_grants_too_late_is_given_back()
    {
        await using var proxy = new StallingProxy(_server.Port);
        await using var node = await RedisNode.OpenAsync(
            proxy.Connection,
            "stalled",
            // A healthy answer takes a millisecond even here; the stall lasts until the test ends it.
            configure: options => options.DeadlineMilliseconds = 500
        );
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 5);
        var grant = Grants.For("a-key") with { Limits = new Allowance { ConcurrentRequests = 1 } };
        Assert.True((await node.Limits.TakeAsync(limit, CancellationToken.None)).Granted);
        Assert.Equal(0, node.DecidedAlone);

        proxy.Stall();
        var alone = await ReserveAsync(node, grant);
        Assert.NotNull(alone);
        Assert.Equal(1, node.DecidedAlone);
        Assert.False(node.Connection.IsUsable);
        // From now on nobody even waits for the deadline: these have ended when they return.
        for (var request = 0; request < 100; request++)
        {
            Assert.True(node.Limits.TakeAsync(limit, CancellationToken.None).IsCompletedSuccessfully);
        }

        var back = node.Back();
        proxy.GoOn();
        await back;
        node.Allowances.Settle(alone, default);
        await node.Accounts.TellAllAsync();
        Assert.NotNull(await ReserveAsync(node, grant));
    }

    private async Task OpenAsync(int nodes)
    {
        for (var node = 0; node < nodes; node++)
        {
            _nodes.Add(
                await RedisNode.OpenAsync(
                    _server.Connection,
                    "outage",
                    new WallOf(_clock),
                    clock: _time,
                    limits: _clock
                )
            );
        }

        foreach (var node in _nodes.Concat(_nodes))
        {
            await node.Fleet.BeatAsync();
        }
    }

    private async Task KillAsync()
    {
        _server.Kill();
        await Task.WhenAll(_nodes.Select(node => node.NoticeAsync()));
        Assert.All(_nodes, node => Assert.Equal(1, node.Away));
    }

    private async Task ReturnAsync()
    {
        var back = Task.WhenAll(_nodes.Select(node => node.Back()));
        await _server.StartAgainAsync();
        await back;
    }

    /// <summary>Four times what the limit allows, evenly, on all nodes.</summary>
    private async Task<int> HammerAsync(Limit limit, int seconds)
    {
        var granted = 0;
        for (var second = 0; second < seconds; second++)
        {
            // By node: the first takes what is there, the others find less.
            foreach (var node in _nodes)
            {
                for (var request = 0; request < 12; request++)
                {
                    granted += (await node.Limits.TakeAsync(limit, CancellationToken.None)).Granted ? 1 : 0;
                }
            }

            _clock.AdvanceSeconds(1);
        }

        return granted;
    }

    /// <summary>Timers and deadlines are real, only the day is the server's.</summary>
    private sealed class WallOf(TickClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.Wall;
    }

    private static async Task<Reservation?> ReserveAsync(RedisNode node, KeyGrant grant) =>
        (await node.Allowances.ReserveAsync(grant, new Outlay(1, 0), CancellationToken.None)).Reservation;

    private static ValueTask RestoreAsync(RedisNode node, KeyGrant grant, long spent) =>
        node.Allowances.RestoreAsync(
            new Dictionary<Guid, UsedSoFar> { [grant.WorkspaceId] = new(default, default, spent) },
            CancellationToken.None
        );

    private static async Task<bool> PayAsync(RedisNode node, KeyGrant grant, long cost)
    {
        var verdict = await node.Allowances.ReserveAsync(grant, new Outlay(0, cost), CancellationToken.None);
        if (verdict.Reservation is { } reservation)
        {
            node.Allowances.Settle(reservation, new Outlay(0, cost));
        }

        return verdict.Reservation is not null;
    }

    private static async Task<bool> SpendAsync(RedisNode node, KeyGrant grant, long tokens)
    {
        var verdict = await node.Allowances.ReserveAsync(grant, new Outlay(tokens, 0), CancellationToken.None);
        if (verdict.Reservation is not { } reservation)
        {
            return false;
        }

        node.Allowances.Settle(reservation, new Outlay(tokens, 0));
        await (node.Connection.IsUsable ? node.Accounts.TellAllAsync() : Task.CompletedTask);
        return true;
    }
}
