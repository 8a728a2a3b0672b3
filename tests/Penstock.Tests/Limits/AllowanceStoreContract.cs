using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Limits;
using Penstock.Primitives;
using Penstock.Tests.Keys;

namespace Penstock.Tests.Limits;

/// <summary>What every store of allowances must do. A store's own test class inherits it and says how to make one.</summary>
public abstract class AllowanceStoreContract
{
    private protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 31, 23, 59, 0, TimeSpan.Zero));

    private protected abstract IAllowanceStore Make(TimeProvider time);

    [Fact]
    public async Task Requests_at_the_sameTime_cannot_overshoot_a_token_limit_together()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMinute = 1_000 });

        var first = await ReserveAsync(store, grant, 600);
        var second = await ReserveAsync(store, grant, 600);

        Assert.Equal(AllowanceKind.None, first.Refused);
        Assert.Equal(new TokenStanding(1_000, 400), first.Tokens);
        Assert.Equal((AllowanceKind.TokensPerMinute, 1_000L), (second.Refused, second.Limit));
        Assert.Equal(61, second.RetryAfterSeconds);
    }

    [Fact]
    public async Task What_was_reserved_and_not_used_is_free_again_at_once()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMinute = 1_000 });
        var first = await ReserveAsync(store, grant, 900);

        await SettleAsync(store, first.Reservation!, new Outlay(100, 0));

        Assert.Equal(new TokenStanding(1_000, 0), (await ReserveAsync(store, grant, 900)).Tokens);
    }

    [Fact]
    public async Task What_was_used_counts_for_a_minute_and_no_longer()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMinute = 1_000 });
        await SettleAsync(store, (await ReserveAsync(store, grant, 1)).Reservation!, new Outlay(1_000, 0));

        Time.Advance(TimeSpan.FromSeconds(60));
        Assert.Equal(AllowanceKind.TokensPerMinute, (await ReserveAsync(store, grant, 1)).Refused);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public async Task A_request_larger_than_the_whole_limit_takes_all_of_it()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMinute = 1_000 });

        Assert.Equal(new TokenStanding(1_000, 0), (await ReserveAsync(store, grant, 50_000)).Tokens);
        Assert.Equal(AllowanceKind.TokensPerMinute, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public async Task A_second_settlement_changes_nothing()
    {
        var store = Make(Time);
        var grant = With(new Allowance { ConcurrentRequests = 1, TokensPerMinute = 1_000 });
        var reserved = (await ReserveAsync(store, grant, 500)).Reservation!;
        await SettleAsync(store, reserved, new Outlay(100, 0));
        await SettleAsync(store, reserved, new Outlay(0, 0));

        Assert.Equal(new TokenStanding(1_000, 400), (await ReserveAsync(store, grant, 500)).Tokens);
        Assert.Equal(AllowanceKind.ConcurrentRequests, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public async Task A_place_among_concurrent_requests_is_free_when_its_request_ends_however_that_was()
    {
        var store = Make(Time);
        var grant = With(new Allowance { ConcurrentRequests = 2 });
        var first = await ReserveAsync(store, grant, 1);
        await ReserveAsync(store, grant, 1);
        Assert.Equal(AllowanceKind.ConcurrentRequests, (await ReserveAsync(store, grant, 1)).Refused);

        await SettleAsync(store, first.Reservation!, default);

        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public async Task What_the_workspace_refuses_the_key_has_back()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMinute = 1_000 }) with
        {
            WorkspaceLimits = new Allowance { ConcurrentRequests = 1 },
        };
        var other = grant with { KeyId = Guid.NewGuid() };
        var running = await ReserveAsync(store, other, 1);

        var refused = await ReserveAsync(store, grant, 900);
        Assert.Equal((AllowanceKind.ConcurrentRequests, true), (refused.Refused, refused.OfWorkspace));
        await SettleAsync(store, running.Reservation!, default);

        Assert.Equal(new TokenStanding(1_000, 100), (await ReserveAsync(store, grant, 900)).Tokens);
    }

    [Fact]
    public async Task A_budget_of_a_day_is_whole_again_at_midnight_and_that_of_a_month_on_the_first()
    {
        var store = Make(Time);
        var daily = With(new Allowance { TokensPerDay = 1_000 });
        var monthly = With(new Allowance { SpendPerMonth = 1_000 });
        await SettleAsync(store, (await ReserveAsync(store, daily, 10)).Reservation!, new Outlay(1_000, 0));
        await SettleAsync(store, (await ReserveAsync(store, monthly, 10, 10)).Reservation!, new Outlay(10, 1_000));

        var refused = await ReserveAsync(store, daily, 1);
        Assert.Equal((AllowanceKind.TokensPerDay, 60), (refused.Refused, refused.RetryAfterSeconds));
        refused = await ReserveAsync(store, monthly, 1, 1);
        Assert.Equal((AllowanceKind.SpendPerMonth, 60), (refused.Refused, refused.RetryAfterSeconds));

        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, daily, 1)).Refused);
        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, monthly, 1, 1)).Refused);
    }

    [Fact]
    public async Task The_last_of_a_budget_can_be_used_by_one_request_at_aTime()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerDay = 1_000 });
        await SettleAsync(store, (await ReserveAsync(store, grant, 900)).Reservation!, new Outlay(900, 0));

        var last = await ReserveAsync(store, grant, 500);
        var beside = await ReserveAsync(store, grant, 500);

        Assert.Equal(AllowanceKind.None, last.Refused);
        Assert.Equal((AllowanceKind.TokensPerDay, 1), (beside.Refused, beside.RetryAfterSeconds));
        await SettleAsync(store, last.Reservation!, new Outlay(20, 0));
        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant, 80)).Refused);
    }

    [Fact]
    public async Task A_prepaid_balance_is_refused_at_zero_and_goes_on_when_it_is_filled()
    {
        var store = Make(Time);
        var grant = With(Allowance.Unlimited) with { Credited = 1_000 };
        await SettleAsync(store, (await ReserveAsync(store, grant, 1, 800)).Reservation!, new Outlay(1, 1_000));

        Assert.Equal((AllowanceKind.Credit, true), Whose(await ReserveAsync(store, grant, 1, 1)));
        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant with { Credited = 1_001 }, 1, 1)).Refused);
    }

    [Fact]
    public async Task What_was_used_before_the_start_or_before_the_limit_counts()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMonth = 1_000, TokensPerDay = 500 });
        await RestoreAsync(store, grant.KeyId, new UsedSoFar(new Outlay(100, 0), new Outlay(800, 0), 0));
        store.Use(grant, new Outlay(150, 0));
        await BehindAsync();

        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant, 50)).Refused);
        Assert.Equal(AllowanceKind.TokensPerMonth, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public async Task What_the_ledger_says_is_never_added_twice_whoever_says_it()
    {
        var store = Make(Time);
        var grant = With(new Allowance { TokensPerMonth = 1_000 });
        var ledger = new UsedSoFar(new Outlay(100, 0), new Outlay(600, 0), 0);
        for (var node = 0; node < 3; node++)
        {
            await RestoreAsync(store, grant.KeyId, ledger);
        }

        await SettleAsync(store, (await ReserveAsync(store, grant, 300)).Reservation!, new Outlay(300, 0));
        await RestoreAsync(store, grant.KeyId, ledger);

        Assert.Equal(AllowanceKind.None, (await ReserveAsync(store, grant, 100)).Refused);
        Assert.Equal(AllowanceKind.TokensPerMonth, (await ReserveAsync(store, grant, 1)).Refused);
    }

    [Fact]
    public void Granted_tokens_never_exceed_the_limit_and_every_reservation_is_settled_once_by_many_threads()
    {
        const int Limit = 10_000;
        var store = Make(Time);
        var grant = With(
            new Allowance
            {
                TokensPerMinute = Limit,
                ConcurrentRequests = 5,
                TokensPerDay = 3 * Limit,
            }
        );
        var running = 0;
        var mostRunning = 0;
        long used = 0;
        Threads.Run(
            8,
            thread =>
            {
                var chance = new Chance(thread);
                for (var i = 0; i < RequestsOfAThread; i++)
                {
                    var asked = 1 + (long)(chance.NextDouble() * 900);
                    var verdict = Reserve(store, grant, asked);
                    Assert.InRange(verdict.Tokens!.Value.Remaining, 0, Limit);
                    if (verdict.Reservation is not { } reservation)
                    {
                        continue;
                    }

                    InterlockedMax(ref mostRunning, Interlocked.Increment(ref running));
                    var spent = (long)(chance.NextDouble() * asked);
                    Interlocked.Add(ref used, spent);
                    Interlocked.Decrement(ref running);
                    SettleAsync(store, reservation, new Outlay(spent, 0)).GetAwaiter().GetResult();
                    SettleAsync(store, reservation, new Outlay(spent, 0)).GetAwaiter().GetResult();
                }
            }
        );

        // No time has passed: all of it was granted in one minute.
        Assert.InRange(used, Limit / 2, Limit);
        Assert.InRange(mostRunning, 1, 5);
        var left = Reserve(store, grant, 1).Tokens!.Value.Remaining;
        Assert.InRange(Limit - used - left, 0, 1);
    }

    /// <summary>Of the test with many threads.</summary>
    private protected virtual int RequestsOfAThread => 2_000;

    /// <summary>Returns when the store has done what it does behind the requests.</summary>
    private protected virtual Task BehindAsync() => Task.CompletedTask;

    private protected static KeyGrant With(Allowance limits) => Grants.For("a-key") with { Limits = limits };

    private static (AllowanceKind, bool) Whose(AllowanceVerdict verdict) => (verdict.Refused, verdict.OfWorkspace);

    private static ValueTask<AllowanceVerdict> ReserveAsync(
        IAllowanceStore store,
        KeyGrant grant,
        long tokens,
        long cost = 0
    ) => store.ReserveAsync(grant, new Outlay(tokens, cost), TestContext.Current.CancellationToken);

    private async Task SettleAsync(IAllowanceStore store, Reservation reservation, Outlay used)
    {
        store.Settle(reservation, used);
        await BehindAsync();
    }

    private static async Task RestoreAsync(IAllowanceStore store, Guid holder, UsedSoFar used) =>
        await store.RestoreAsync(
            new Dictionary<Guid, UsedSoFar> { [holder] = used },
            TestContext.Current.CancellationToken
        );

    /// <summary>On a thread of its own, which nothing waits for.</summary>
    private static AllowanceVerdict Reserve(IAllowanceStore store, KeyGrant grant, long tokens) =>
        ReserveAsync(store, grant, tokens).AsTask().GetAwaiter().GetResult();

    private static void InterlockedMax(ref int most, int value)
    {
        var seen = Volatile.Read(ref most);
        while (value > seen && Interlocked.CompareExchange(ref most, value, seen) is var now && now != seen)
        {
            seen = now;
        }
    }
}
