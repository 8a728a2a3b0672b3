using FsCheck.Xunit;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Keys;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis;

public sealed class RedisAllowanceStoreTests(RedisServer server)
    : AllowanceStoreContract,
        IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private RedisNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private protected override int RequestsOfAThread => 300;

    private protected override IAllowanceStore Make(TimeProvider time) => _node.Allowances;

    private protected override Task BehindAsync() => _node.Accounts.TellAllAsync();

    [Fact]
    public async Task A_killed_node_s_place_is_free_again_when_its_lease_has_ended()
    {
        await using var other = await NodeAsync();
        var grant = With(new Allowance { ConcurrentRequests = 1, TokensPerDay = 1_000 });
        Assert.Equal(AllowanceKind.None, await AskAsync(other, grant, 1_000));

        Time.Advance(TimeSpan.FromSeconds(_node.Options.LeaseSeconds - 1));
        Assert.Equal(AllowanceKind.ConcurrentRequests, await AskAsync(_node, grant, 1_000));
        Time.Advance(TimeSpan.FromSeconds(1));
        // The place, and what it had reserved of the day.
        Assert.Equal(AllowanceKind.None, await AskAsync(_node, grant, 1_000));
    }

    [Fact]
    public async Task A_long_stream_keeps_its_place_while_its_node_lives()
    {
        await using var other = await NodeAsync();
        var grant = With(new Allowance { ConcurrentRequests = 1 });
        var running = await other.Allowances.ReserveAsync(grant, new Outlay(1, 0), CancellationToken.None);

        for (var beat = 0; beat < 30; beat++)
        {
            Time.Advance(TimeSpan.FromSeconds(_node.Options.LeaseSeconds / 3));
            await other.Upkeep.StepAsync();
            Assert.Equal(AllowanceKind.ConcurrentRequests, await AskAsync(_node, grant, 1));
        }

        other.Allowances.Settle(running.Reservation!, default);
        await other.Accounts.TellAllAsync();
        Assert.Equal(AllowanceKind.None, await AskAsync(_node, grant, 1));
    }

    [Fact]
    public async Task A_node_counts_the_others_until_they_have_missed_three_beats_or_said_goodbye()
    {
        await using var other = await NodeAsync();
        await using var third = await NodeAsync();
        await other.Fleet.BeatAsync();
        await third.Fleet.BeatAsync();
        await _node.Fleet.BeatAsync();
        Assert.Equal(3, _node.Fleet.Nodes);

        await third.Fleet.LeaveAsync();
        for (var beat = 0; beat < 3; beat++)
        {
            await _node.Fleet.BeatAsync();
        }

        Assert.Equal(2, _node.Fleet.Nodes);
        Time.Advance(TimeSpan.FromSeconds(3 * _node.Options.HeartbeatSeconds));
        for (var beat = 0; beat < 3; beat++)
        {
            await _node.Fleet.BeatAsync();
        }

        Assert.Equal(1, _node.Fleet.Nodes);
    }

    [Fact]
    public async Task Everything_that_is_kept_has_an_end()
    {
        var grant = With(new Allowance { ConcurrentRequests = 2 });
        await AskAsync(_node, grant, 10);
        var done = await _node.Allowances.ReserveAsync(grant, new Outlay(10, 0), CancellationToken.None);
        _node.Allowances.Settle(done.Reservation!, new Outlay(5, 0));
        await _node.Accounts.TellAllAsync();
        await _node.Fleet.BeatAsync();

        Assert.All(await _node.LifetimesAsync(), left => Assert.True(left > 0));
    }

    [Property(MaxTest = 25, StartSize = 30, EndSize = 150)]
    public async Task No_minute_of_three_nodes_holds_more_tokens_than_the_limit(
        (byte Node, byte Asked, byte Used, byte Gap)[] requests
    )
    {
        const int Limit = 1_000;
        await using var second = await NodeAsync();
        await using var third = await NodeAsync();
        RedisNode[] nodes = [_node, second, third];
        var grant = Grants.For("a-key") with { Limits = new Allowance { TokensPerMinute = Limit } };
        var used = new List<(DateTimeOffset At, long Tokens)>();
        foreach (var (node, asked, spent, gap) in requests)
        {
            Time.Advance(TimeSpan.FromMilliseconds(gap % 4 == 0 ? gap * 100 : 0));
            var of = nodes[node % 3];
            var verdict = await of.Allowances.ReserveAsync(grant, new Outlay(asked, 0), CancellationToken.None);
            if (verdict.Reservation is { } reservation)
            {
                used.Add((Time.GetUtcNow(), Math.Min(spent, asked)));
                // Some are settled later, by whoever comes next.
                of.Allowances.Settle(reservation, new Outlay(Math.Min(spent, asked), 0));
                await (gap % 3 == 0 ? Task.CompletedTask : of.Accounts.TellAllAsync());
            }
        }

        Assert.All(nodes, node => Assert.Equal(0, node.DecidedAlone));
        Assert.All(
            used,
            first =>
                Assert.InRange(
                    used.Where(one => one.At >= first.At && one.At - first.At <= TimeSpan.FromSeconds(60))
                        .Sum(one => one.Tokens),
                    0,
                    Limit
                )
        );
    }

    private static async Task<AllowanceKind> AskAsync(RedisNode node, KeyGrant grant, long tokens) =>
        (await node.Allowances.ReserveAsync(grant, new Outlay(tokens, 0), CancellationToken.None)).Refused;

    private Task<RedisNode> NodeAsync() => RedisNode.OpenAsync(server.Connection, _prefix, Time);
}
