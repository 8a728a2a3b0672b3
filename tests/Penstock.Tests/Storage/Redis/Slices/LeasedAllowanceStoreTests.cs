using Penstock.Keys;
using Penstock.Limits;
using Penstock.Tests.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

public sealed class LeasedAllowanceStoreTests(RedisServer server)
    : AllowanceStoreContract,
        IClassFixture<RedisServer>,
        IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("N");
    private RedisNode _node = null!;

    public async ValueTask InitializeAsync() => _node = await NodeAsync();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    private protected override int RequestsOfAThread => 300;

    private protected override IAllowanceStore Make(TimeProvider time) => _node.LeasedAllowances;

    private protected override Task BehindAsync() => TellAsync(_node);

    [Fact]
    public async Task Most_requests_of_a_busy_key_are_decided_without_asking()
    {
        var grant = With(new Allowance { TokensPerMinute = 1_000_000, SpendPerMonth = 1_000_000_000 });

        for (var request = 0; request < 500; request++)
        {
            Assert.Equal(AllowanceKind.None, await SpendAsync(_node, grant, asked: 100, used: 50));
            Time.Advance(TimeSpan.FromMilliseconds(5));
        }

        Assert.InRange(_node.DecidedFromSlices, 400, 500);
        Assert.Equal(0, _node.DecidedAlone);
        await TellAsync(_node);
        var standing = (await ReserveAsync(_node, grant, 1)).Tokens;
        Assert.Equal(new TokenStanding(1_000_000, 1_000_000 - (500 * 50) - 1), standing);
    }

    [Fact]
    public async Task What_is_told_of_a_slice_is_what_was_used_and_the_budget_is_used_up_to_its_end()
    {
        var grant = With(new Allowance { TokensPerDay = 10_000 });
        var used = 0;
        var before = -1;
        while (used > before)
        {
            before = used;
            while (await SpendAsync(_node, grant, asked: 100, used: 50) == AllowanceKind.None)
            {
                used += 50;
            }

            // What has just ended may not be heard of yet, with slices and without.
            await TellAsync(_node);
        }

        Assert.Equal(10_000, used);
        Assert.InRange(_node.DecidedFromSlices, 100, 200);
        await using var other = await NodeAsync();
        Assert.Equal(AllowanceKind.TokensPerDay, await SpendAsync(other, grant, 1, 1));
    }

    [Fact]
    public async Task A_request_that_outlives_its_slice_keeps_what_it_may_come_to()
    {
        await using var other = await NodeAsync();
        var grant = With(Allowance.Unlimited) with { Credited = 10_000 };
        await WarmAsync(_node, grant);
        var running = (await ReserveAsync(_node, grant, 100)).Reservation!;
        Assert.True(_node.DecidedFromSlices > 0);

        for (var beat = 0; beat < 30; beat++)
        {
            Time.Advance(TimeSpan.FromSeconds(_node.Options.LeaseSeconds / 3));
            await _node.Slices.StepAsync();
            Assert.Equal(AllowanceKind.Credit, await SpendAsync(other, grant, 10_000 - 20 - 99, 0));
        }

        _node.LeasedAllowances.Settle(running, new Outlay(20, 0));
        await TellAsync(_node);
        Assert.Equal(AllowanceKind.None, await SpendAsync(other, grant, 10_000 - 40, 10_000 - 40));
    }

    [Fact]
    public async Task A_silent_account_s_slice_is_given_back_before_its_lease_is_over()
    {
        await using var other = await NodeAsync();
        var grant = With(new Allowance { TokensPerMinute = 10_000, TokensPerDay = 10_000 });
        await WarmAsync(_node, grant);
        Assert.Equal(AllowanceKind.TokensPerMinute, await SpendAsync(other, grant, 10_000 - 20, 0));

        Time.Advance(TimeSpan.FromMilliseconds(_node.Options.SliceMilliseconds / 2));
        await _node.Slices.StepAsync();
        await _node.Slices.StepAsync();

        Assert.Equal(AllowanceKind.None, await SpendAsync(other, grant, 10_000 - 20, 0));
    }

    [Fact]
    public async Task A_killed_node_s_slice_is_free_again_when_its_lease_has_ended_and_of_the_minute_a_minute_later()
    {
        await using var other = await NodeAsync();
        var grant = With(new Allowance { TokensPerMinute = 10_000, TokensPerDay = 20_000 });
        await WarmAsync(_node, grant);

        Time.Advance(TimeSpan.FromSeconds(_node.Options.LeaseSeconds - 1));
        Assert.Equal(AllowanceKind.TokensPerMinute, await SpendAsync(other, grant, 10_000 - 20, 0));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AllowanceKind.TokensPerMinute, await SpendAsync(other, grant, 10_000 - 20, 0));
        // It may have been used until the end of the lease.
        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(AllowanceKind.TokensPerMinute, await SpendAsync(other, grant, 10_000, 0));
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AllowanceKind.None, await SpendAsync(other, grant, 10_000, 0));
    }

    [Fact]
    public async Task What_one_request_used_beyond_its_guess_is_missing_in_the_slice()
    {
        var grant = With(new Allowance { TokensPerDay = 10_000 });
        await WarmAsync(_node, grant);

        await SpendAsync(_node, grant, asked: 10, used: 9_980);

        Assert.Equal(AllowanceKind.TokensPerDay, await SpendAsync(_node, grant, 1, 1));
    }

    [Fact]
    public async Task Everything_that_is_kept_has_an_end()
    {
        await WarmAsync(_node, With(new Allowance { TokensPerMinute = 10_000 }));

        Assert.All(await _node.LifetimesAsync(), left => Assert.True(left > 0));
    }

    /// <summary>Two requests of ten tokens: enough for a slice.</summary>
    private static async Task WarmAsync(RedisNode node, KeyGrant grant)
    {
        for (var request = 0; request < 2; request++)
        {
            Assert.Equal(AllowanceKind.None, await SpendAsync(node, grant, 500, 10));
        }

        foreach (var holder in (Guid[])[grant.KeyId, grant.WorkspaceId])
        {
            await (node.LeasedAccounts[holder].UnderWay ?? Task.CompletedTask);
        }
    }

    private static async Task<AllowanceKind> SpendAsync(RedisNode node, KeyGrant grant, long asked, long used)
    {
        var verdict = await ReserveAsync(node, grant, asked);
        if (verdict.Reservation is { } reservation)
        {
            node.LeasedAllowances.Settle(reservation, new Outlay(used, used));
        }

        return verdict.Refused;
    }

    private static ValueTask<AllowanceVerdict> ReserveAsync(RedisNode node, KeyGrant grant, long asked) =>
        node.LeasedAllowances.ReserveAsync(grant, new Outlay(asked, asked), CancellationToken.None);

    private static async Task TellAsync(RedisNode node)
    {
        await node.Accounts.TellAllAsync();
        await node.LeasedAccounts.GiveBackAsync(all: true);
    }

    private Task<RedisNode> NodeAsync() => RedisNode.OpenAsync(server.Connection, _prefix, Time);
}
