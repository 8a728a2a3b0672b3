using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreTests : IDisposable
{
    private const long Frequency = 999_999_937;

    private readonly TickClock clock = new(Frequency);
    private readonly LocalLimitStore store;
    private readonly Limit pro = new(Guid.NewGuid(), RequestsPerMinute: 500, Burst: 50);

    public LocalLimitStoreTests() => store = new LocalLimitStore(clock);

    public void Dispose() => store.Dispose();

    [Fact]
    public void The_second_request_of_a_fresh_key_of_500_a_minute_leaves_498()
    {
        Assert.Equal(499, store.Take(pro).Remaining);
        Assert.Equal(498, store.Take(pro).Remaining);
    }

    [Fact]
    public void The_burst_passes_at_once_and_the_next_is_refused_without_cost()
    {
        for (var request = 1; request <= pro.Burst; request++)
        {
            Assert.Equal(new(true, 500, 500 - request, ResetIn(61), 0), store.Take(pro));
        }

        for (var request = 0; request < 1_000; request++)
        {
            Assert.Equal(new(false, 500, 0, ResetIn(61), 1), store.Take(pro));
        }

        // One drains in 60/500 s: the thousand refused ones have added nothing.
        clock.AdvanceTicks(Frequency * 60 / 500 + 1);
        Assert.Equal(new(true, 500, 449, ResetIn(61), 0), store.Take(pro));
    }

    [Fact]
    public void A_request_passes_at_its_tick_and_not_one_before()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 7, Burst: 1);
        var wait = (60 * Frequency + 6) / 7;
        store.Take(limit);

        clock.AdvanceTicks(wait - 1);
        Assert.Equal(1, store.Take(limit).RetryAfterSeconds);
        clock.AdvanceTicks(1);
        Assert.True(store.Take(limit).Granted);
    }

    [Fact]
    public void Retry_after_is_when_a_request_will_pass()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 20, Burst: 2);
        store.Take(limit);
        store.Take(limit);

        Assert.Equal(3, store.Take(limit).RetryAfterSeconds);
        clock.AdvanceTicks(1);
        Assert.Equal(3, store.Take(limit).RetryAfterSeconds);
        clock.AdvanceTicks(Frequency - 1);
        Assert.Equal(2, store.Take(limit).RetryAfterSeconds);
        clock.AdvanceTicks((2 * Frequency) - 1);
        Assert.Equal(1, store.Take(limit).RetryAfterSeconds);
        clock.AdvanceTicks(1);
        Assert.True(store.Take(limit).Granted);
    }

    [Fact]
    public void A_granted_request_counts_for_60_seconds_and_at_most_one_more()
    {
        clock.AdvanceTicks(Frequency / 3);
        store.Take(pro);

        clock.AdvanceTicks(60 * Frequency);
        Assert.Equal(499, store.Peek(pro).Remaining);
        clock.AdvanceTicks(Frequency);
        Assert.Equal(500, store.Peek(pro).Remaining);
    }

    [Fact]
    public void Reset_is_when_the_whole_budget_is_back()
    {
        clock.AdvanceTicks(Frequency / 3);
        var taken = store.Take(pro);
        var seconds = taken.ResetUnixSeconds - clock.Wall.ToUnixTimeSeconds();

        Assert.Equal(61, seconds);
        clock.AdvanceSeconds(seconds);
        clock.Wall = clock.Wall.AddSeconds(seconds);
        Assert.Equal(new(true, 500, 500, taken.ResetUnixSeconds, 0), store.Peek(pro));
    }

    [Fact]
    public void A_key_that_nobody_has_used_has_its_whole_budget_now()
    {
        Assert.Equal(new(true, 500, 500, ResetIn(0), 0), store.Peek(pro));
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void Looking_costs_nothing()
    {
        store.Take(pro);
        for (var look = 0; look < 1_000; look++)
        {
            Assert.Equal(499, store.Peek(pro).Remaining);
        }

        Assert.Equal(498, store.Take(pro).Remaining);
    }

    [Fact]
    public void Looking_at_an_exhausted_key_shows_the_count_of_the_minute()
    {
        while (store.Take(pro).Granted) { }

        Assert.Equal(new(true, 500, 450, ResetIn(61), 0), store.Peek(pro));
    }

    [Fact]
    public void Remaining_is_never_below_zero_though_the_burst_stands_above_the_budget()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 2, Burst: 5);

        Assert.Equal([1, 0, 0, 0, 0], Enumerable.Range(0, 5).Select(_ => store.Take(limit).Remaining));
        Assert.False(store.Take(limit).Granted);
    }

    [Fact]
    public void A_wall_clock_that_jumps_changes_no_decision()
    {
        while (store.Take(pro).Granted) { }

        clock.Wall = clock.Wall.AddYears(1);
        Assert.Equal(new(false, 500, 0, ResetIn(61), 1), store.Take(pro));
        clock.Wall = clock.Wall.AddYears(-2);
        Assert.Equal(new(false, 500, 0, ResetIn(61), 1), store.Take(pro));
    }

    [Fact]
    public void Keys_do_not_share_a_bucket()
    {
        while (store.Take(pro).Granted) { }

        Assert.Equal(499, store.Take(pro with { KeyId = Guid.NewGuid() }).Remaining);
    }

    [Fact]
    public void A_raised_limit_counts_from_the_next_request_and_keeps_the_history()
    {
        while (store.Take(pro).Granted) { }

        var raised = store.Take(pro with { RequestsPerMinute = 1_000, Burst = 100 });

        Assert.Equal(new(true, 1_000, 949, ResetIn(61), 0), raised);
    }

    [Fact]
    public void A_lowered_limit_counts_from_the_next_request_and_makes_nobody_wait_for_the_old_burst()
    {
        while (store.Take(pro).Granted) { }

        var lowered = pro with { RequestsPerMinute = 60, Burst = 6 };

        Assert.Equal(new(false, 60, 0, ResetIn(61), 1), store.Take(lowered));
        clock.AdvanceSeconds(1);
        Assert.Equal(new(true, 60, 9, ResetIn(61), 0), store.Take(lowered));
        Assert.False(store.Take(lowered).Granted);
    }

    [Fact]
    public void Until_the_request_that_brings_a_new_limit_the_bucket_drains_by_the_old_one()
    {
        while (store.Take(pro).Granted) { }

        // 60 seconds at 500 a minute empty it; at 1 a minute it would still be full.
        clock.AdvanceSeconds(6);
        var lowered = pro with { RequestsPerMinute = 1, Burst = 50 };

        Assert.Equal(50, Enumerable.Range(0, 51).Count(_ => store.Take(lowered).Granted));
    }

    [Fact]
    public void Keys_not_seen_for_two_minutes_cost_no_memory()
    {
        for (var key = 0; key < 10_000; key++)
        {
            store.Take(pro with { KeyId = Guid.NewGuid() });
        }

        clock.AdvanceSeconds(120);
        clock.FireTimers();
        Assert.Equal(10_000, store.Count);
        clock.AdvanceTicks(Frequency / 1_000);
        clock.FireTimers();
        Assert.Equal(0, store.Count);
    }

    [Fact]
    public void A_key_that_only_looks_is_not_dropped()
    {
        store.Take(pro);
        clock.AdvanceSeconds(100);
        store.Peek(pro);
        clock.AdvanceSeconds(100);
        store.Sweep();

        Assert.Equal(1, store.Count);
    }

    [Fact]
    public void A_bucket_that_is_not_empty_after_two_minutes_is_kept()
    {
        var slow = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 10);
        while (store.Take(slow).Granted) { }

        clock.AdvanceSeconds(3 * 60);
        store.Sweep();

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => store.Take(slow).Granted));
    }

    [Fact]
    public void Ten_years_of_silence_and_the_highest_limits_do_not_overflow()
    {
        var huge = new Limit(Guid.NewGuid(), int.MaxValue, int.MaxValue);
        store.Take(huge);
        clock.AdvanceSeconds(10L * 365 * 24 * 3_600);

        Assert.Equal(new(true, int.MaxValue, int.MaxValue - 1, ResetIn(61), 0), store.Take(huge));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        store.Take(pro);
        var exhausted = pro with { KeyId = Guid.NewGuid(), RequestsPerMinute = 1, Burst = 1 };
        store.Take(exhausted);
        var granted = pro with { KeyId = Guid.NewGuid(), Burst = 1_000_000 };

        Assert.Equal(0, Allocations.Of(() => store.Take(granted)));
        Assert.Equal(0, Allocations.Of(() => store.Take(exhausted)));
        Assert.Equal(0, Allocations.Of(() => store.Peek(pro)));
    }

    private long ResetIn(int seconds) => clock.Wall.ToUnixTimeSeconds() + seconds;
}
