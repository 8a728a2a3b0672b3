using Penstock.Limits;

namespace Penstock.Tests.Limits;

/// <summary>What every store of limits must do. A store's own test class inherits it and says how to make one.</summary>
public abstract class LimitStoreContract
{
    private readonly Limit _pro = new(Guid.NewGuid(), RequestsPerMinute: 500, Burst: 50);

    /// <summary>The clock by which the store decides; its ticks are as fine as the store's.</summary>
    private protected abstract TickClock Clock { get; }

    private protected abstract ILimitStore Store { get; }

    private long Frequency => Clock.TimestampFrequency;

    [Fact]
    public async Task The_second_request_of_a_fresh_key_of_500_a_minute_leaves_498()
    {
        Assert.Equal(499, (await TakeAsync(_pro)).Remaining);
        Assert.Equal(498, (await TakeAsync(_pro)).Remaining);
    }

    [Fact]
    public async Task The_burst_passes_at_once_and_the_next_is_refused_without_cost()
    {
        for (var request = 1; request <= _pro.Burst; request++)
        {
            Assert.Equal(new(true, 500, 500 - request, ResetIn(61), 0), await TakeAsync(_pro));
        }

        for (var request = 0; request < 1_000; request++)
        {
            Assert.Equal(new(false, 500, 0, ResetIn(61), 1), await TakeAsync(_pro));
        }

        // One drains in 60/500 s: the thousand refused ones have added nothing.
        Clock.AdvanceTicks(Frequency * 60 / 500 + 1);
        Assert.Equal(new(true, 500, 449, ResetIn(61), 0), await TakeAsync(_pro));
    }

    [Fact]
    public async Task A_request_passes_at_its_tick_and_not_one_before()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 7, Burst: 1);
        var wait = (60 * Frequency + 6) / 7;
        await TakeAsync(limit);

        Clock.AdvanceTicks(wait - 1);
        Assert.Equal(1, (await TakeAsync(limit)).RetryAfterSeconds);
        Clock.AdvanceTicks(1);
        Assert.True((await TakeAsync(limit)).Granted);
    }

    [Fact]
    public async Task Retry_after_is_when_a_request_will_pass()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 20, Burst: 2);
        await TakeAsync(limit);
        await TakeAsync(limit);

        Assert.Equal(3, (await TakeAsync(limit)).RetryAfterSeconds);
        Clock.AdvanceTicks(1);
        Assert.Equal(3, (await TakeAsync(limit)).RetryAfterSeconds);
        Clock.AdvanceTicks(Frequency - 1);
        Assert.Equal(2, (await TakeAsync(limit)).RetryAfterSeconds);
        Clock.AdvanceTicks((2 * Frequency) - 1);
        Assert.Equal(1, (await TakeAsync(limit)).RetryAfterSeconds);
        Clock.AdvanceTicks(1);
        Assert.True((await TakeAsync(limit)).Granted);
    }

    [Fact]
    public async Task A_granted_request_counts_for_60_seconds_and_at_most_one_more()
    {
        Clock.AdvanceTicks(Frequency / 3);
        await TakeAsync(_pro);

        Clock.AdvanceTicks(60 * Frequency);
        Assert.Equal(499, (await PeekAsync(_pro)).Remaining);
        Clock.AdvanceTicks(Frequency);
        Assert.Equal(500, (await PeekAsync(_pro)).Remaining);
    }

    [Fact]
    public async Task Reset_is_when_the_whole_budget_is_back()
    {
        Clock.AdvanceTicks(Frequency / 3);
        var taken = await TakeAsync(_pro);
        var seconds = taken.ResetUnixSeconds - Clock.Wall.ToUnixTimeSeconds();

        Assert.Equal(61, seconds);
        Clock.AdvanceSeconds(seconds);
        Clock.Wall = Clock.Wall.AddSeconds(seconds);
        Assert.Equal(new(true, 500, 500, taken.ResetUnixSeconds, 0), await PeekAsync(_pro));
    }

    [Fact]
    public async Task A_key_that_nobody_has_used_has_its_whole_budget_now()
    {
        Assert.Equal(new(true, 500, 500, ResetIn(0), 0), await PeekAsync(_pro));
    }

    [Fact]
    public async Task Looking_costs_nothing()
    {
        await TakeAsync(_pro);
        for (var look = 0; look < 1_000; look++)
        {
            Assert.Equal(499, (await PeekAsync(_pro)).Remaining);
        }

        Assert.Equal(498, (await TakeAsync(_pro)).Remaining);
    }

    [Fact]
    public async Task Looking_at_an_exhausted_key_shows_the_count_of_the_minute()
    {
        while ((await TakeAsync(_pro)).Granted) { }

        Assert.Equal(new(true, 500, 450, ResetIn(61), 0), await PeekAsync(_pro));
    }

    [Fact]
    public async Task Remaining_is_never_below_zero_though_the_burst_stands_above_the_budget()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 2, Burst: 5);

        foreach (var remaining in (int[])[1, 0, 0, 0, 0])
        {
            Assert.Equal(remaining, (await TakeAsync(limit)).Remaining);
        }

        Assert.False((await TakeAsync(limit)).Granted);
    }

    [Fact]
    public async Task Keys_do_not_share_a_bucket()
    {
        while ((await TakeAsync(_pro)).Granted) { }

        Assert.Equal(499, (await TakeAsync(_pro with { KeyId = Guid.NewGuid() })).Remaining);
    }

    [Fact]
    public async Task A_raised_limit_counts_from_the_next_request_and_keeps_the_history()
    {
        while ((await TakeAsync(_pro)).Granted) { }

        var raised = await TakeAsync(_pro with { RequestsPerMinute = 1_000, Burst = 100 });

        Assert.Equal(new(true, 1_000, 949, ResetIn(61), 0), raised);
    }

    [Fact]
    public async Task A_lowered_limit_counts_from_the_next_request_and_makes_nobody_wait_for_the_old_burst()
    {
        while ((await TakeAsync(_pro)).Granted) { }

        var lowered = _pro with { RequestsPerMinute = 60, Burst = 6 };

        Assert.Equal(new(false, 60, 0, ResetIn(61), 1), await TakeAsync(lowered));
        Clock.AdvanceSeconds(1);
        Assert.Equal(new(true, 60, 9, ResetIn(61), 0), await TakeAsync(lowered));
        Assert.False((await TakeAsync(lowered)).Granted);
    }

    [Fact]
    public async Task Until_the_request_that_brings_a_new_limit_the_bucket_drains_by_the_old_one()
    {
        while ((await TakeAsync(_pro)).Granted) { }

        // 60 seconds at 500 a minute empty it; at 1 a minute it would still be full.
        Clock.AdvanceSeconds(6);
        var lowered = _pro with { RequestsPerMinute = 1, Burst = 50 };

        Assert.Equal(50, await GrantedOfAsync(lowered, 51));
    }

    [Fact]
    public async Task Ten_years_of_silence_and_the_highest_limits_do_not_overflow()
    {
        var huge = new Limit(Guid.NewGuid(), int.MaxValue, int.MaxValue);
        await TakeAsync(huge);
        Clock.AdvanceSeconds(10L * 365 * 24 * 3_600);

        Assert.Equal(new(true, int.MaxValue, int.MaxValue - 1, ResetIn(61), 0), await TakeAsync(huge));
    }

    /// <summary>Unix time so many seconds from now, by the clock that the store tells callers.</summary>
    private protected abstract long ResetIn(int seconds);

    private protected async Task<LimitDecision> TakeAsync(Limit limit) =>
        await Store.TakeAsync(limit, TestContext.Current.CancellationToken);

    private async Task<LimitDecision> PeekAsync(Limit limit) =>
        await Store.PeekAsync(limit, TestContext.Current.CancellationToken);

    private async Task<int> GrantedOfAsync(Limit limit, int requests)
    {
        var granted = 0;
        for (var request = 0; request < requests; request++)
        {
            granted += (await TakeAsync(limit)).Granted ? 1 : 0;
        }

        return granted;
    }
}
