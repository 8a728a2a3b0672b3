using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreTests : IDisposable
{
    private const long Frequency = 999_999_937;

    private readonly TickClock _clock = new(Frequency);
    private readonly LocalLimitStore _store;
    private readonly Limit _pro = new(Guid.NewGuid(), RequestsPerMinute: 500, Burst: 50);

    public LocalLimitStoreTests() => _store = new LocalLimitStore(_clock);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void The_second_request_of_a_fresh_key_of_500_a_minute_leaves_498()
    {
        Assert.Equal(499, _store.Take(_pro).Remaining);
        Assert.Equal(498, _store.Take(_pro).Remaining);
    }

    [Fact]
    public void The_burst_passes_at_once_and_the_next_is_refused_without_cost()
    {
        for (var request = 1; request <= _pro.Burst; request++)
        {
            Assert.Equal(new(true, 500, 500 - request, ResetIn(61), 0), _store.Take(_pro));
        }

        for (var request = 0; request < 1_000; request++)
        {
            Assert.Equal(new(false, 500, 0, ResetIn(61), 1), _store.Take(_pro));
        }

        // One drains in 60/500 s: the thousand refused ones have added nothing.
        _clock.AdvanceTicks(Frequency * 60 / 500 + 1);
        Assert.Equal(new(true, 500, 449, ResetIn(61), 0), _store.Take(_pro));
    }

    [Fact]
    public void A_request_passes_at_its_tick_and_not_one_before()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 7, Burst: 1);
        var wait = (60 * Frequency + 6) / 7;
        _store.Take(limit);

        _clock.AdvanceTicks(wait - 1);
        Assert.Equal(1, _store.Take(limit).RetryAfterSeconds);
        _clock.AdvanceTicks(1);
        Assert.True(_store.Take(limit).Granted);
    }

    [Fact]
    public void Retry_after_is_when_a_request_will_pass()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 20, Burst: 2);
        _store.Take(limit);
        _store.Take(limit);

        Assert.Equal(3, _store.Take(limit).RetryAfterSeconds);
        _clock.AdvanceTicks(1);
        Assert.Equal(3, _store.Take(limit).RetryAfterSeconds);
        _clock.AdvanceTicks(Frequency - 1);
        Assert.Equal(2, _store.Take(limit).RetryAfterSeconds);
        _clock.AdvanceTicks((2 * Frequency) - 1);
        Assert.Equal(1, _store.Take(limit).RetryAfterSeconds);
        _clock.AdvanceTicks(1);
        Assert.True(_store.Take(limit).Granted);
    }

    [Fact]
    public void A_granted_request_counts_for_60_seconds_and_at_most_one_more()
    {
        _clock.AdvanceTicks(Frequency / 3);
        _store.Take(_pro);

        _clock.AdvanceTicks(60 * Frequency);
        Assert.Equal(499, _store.Peek(_pro).Remaining);
        _clock.AdvanceTicks(Frequency);
        Assert.Equal(500, _store.Peek(_pro).Remaining);
    }

    [Fact]
    public void Reset_is_when_the_whole_budget_is_back()
    {
        _clock.AdvanceTicks(Frequency / 3);
        var taken = _store.Take(_pro);
        var seconds = taken.ResetUnixSeconds - _clock.Wall.ToUnixTimeSeconds();

        Assert.Equal(61, seconds);
        _clock.AdvanceSeconds(seconds);
        _clock.Wall = _clock.Wall.AddSeconds(seconds);
        Assert.Equal(new(true, 500, 500, taken.ResetUnixSeconds, 0), _store.Peek(_pro));
    }

    [Fact]
    public void A_key_that_nobody_has_used_has_its_whole_budget_now()
    {
        Assert.Equal(new(true, 500, 500, ResetIn(0), 0), _store.Peek(_pro));
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void Looking_costs_nothing()
    {
        _store.Take(_pro);
        for (var look = 0; look < 1_000; look++)
        {
            Assert.Equal(499, _store.Peek(_pro).Remaining);
        }

        Assert.Equal(498, _store.Take(_pro).Remaining);
    }

    [Fact]
    public void Looking_at_an_exhausted_key_shows_the_count_of_the_minute()
    {
        while (_store.Take(_pro).Granted) { }

        Assert.Equal(new(true, 500, 450, ResetIn(61), 0), _store.Peek(_pro));
    }

    [Fact]
    public void Remaining_is_never_below_zero_though_the_burst_stands_above_the_budget()
    {
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 2, Burst: 5);

        Assert.Equal([1, 0, 0, 0, 0], Enumerable.Range(0, 5).Select(_ => _store.Take(limit).Remaining));
        Assert.False(_store.Take(limit).Granted);
    }

    [Fact]
    public void A_wall_clock_that_jumps_changes_no_decision()
    {
        while (_store.Take(_pro).Granted) { }

        _clock.Wall = _clock.Wall.AddYears(1);
        Assert.Equal(new(false, 500, 0, ResetIn(61), 1), _store.Take(_pro));
        _clock.Wall = _clock.Wall.AddYears(-2);
        Assert.Equal(new(false, 500, 0, ResetIn(61), 1), _store.Take(_pro));
    }

    [Fact]
    public void Keys_do_not_share_a_bucket()
    {
        while (_store.Take(_pro).Granted) { }

        Assert.Equal(499, _store.Take(_pro with { KeyId = Guid.NewGuid() }).Remaining);
    }

    [Fact]
    public void A_raised_limit_counts_from_the_next_request_and_keeps_the_history()
    {
        while (_store.Take(_pro).Granted) { }

        var raised = _store.Take(_pro with { RequestsPerMinute = 1_000, Burst = 100 });

        Assert.Equal(new(true, 1_000, 949, ResetIn(61), 0), raised);
    }

    [Fact]
    public void A_lowered_limit_counts_from_the_next_request_and_makes_nobody_wait_for_the_old_burst()
    {
        while (_store.Take(_pro).Granted) { }

        var lowered = _pro with { RequestsPerMinute = 60, Burst = 6 };

        Assert.Equal(new(false, 60, 0, ResetIn(61), 1), _store.Take(lowered));
        _clock.AdvanceSeconds(1);
        Assert.Equal(new(true, 60, 9, ResetIn(61), 0), _store.Take(lowered));
        Assert.False(_store.Take(lowered).Granted);
    }

    [Fact]
    public void Until_the_request_that_brings_a_new_limit_the_bucket_drains_by_the_old_one()
    {
        while (_store.Take(_pro).Granted) { }

        // 60 seconds at 500 a minute empty it; at 1 a minute it would still be full.
        _clock.AdvanceSeconds(6);
        var lowered = _pro with { RequestsPerMinute = 1, Burst = 50 };

        Assert.Equal(50, Enumerable.Range(0, 51).Count(_ => _store.Take(lowered).Granted));
    }

    [Fact]
    public void Keys_not_seen_for_two_minutes_cost_no_memory()
    {
        for (var key = 0; key < 10_000; key++)
        {
            _store.Take(_pro with { KeyId = Guid.NewGuid() });
        }

        _clock.AdvanceSeconds(120);
        _clock.FireTimers();
        Assert.Equal(10_000, _store.Count);
        _clock.AdvanceTicks(Frequency / 1_000);
        _clock.FireTimers();
        Assert.Equal(0, _store.Count);
    }

    [Fact]
    public void A_key_that_only_looks_is_not_dropped()
    {
        _store.Take(_pro);
        _clock.AdvanceSeconds(100);
        _store.Peek(_pro);
        _clock.AdvanceSeconds(100);
        _store.Sweep();

        Assert.Equal(1, _store.Count);
    }

    [Fact]
    public void A_bucket_that_is_not_empty_after_two_minutes_is_kept()
    {
        var slow = new Limit(Guid.NewGuid(), RequestsPerMinute: 1, Burst: 10);
        while (_store.Take(slow).Granted) { }

        _clock.AdvanceSeconds(3 * 60);
        _store.Sweep();

        Assert.Equal(3, Enumerable.Range(0, 10).Count(_ => _store.Take(slow).Granted));
    }

    [Fact]
    public void Ten_years_of_silence_and_the_highest_limits_do_not_overflow()
    {
        var huge = new Limit(Guid.NewGuid(), int.MaxValue, int.MaxValue);
        _store.Take(huge);
        _clock.AdvanceSeconds(10L * 365 * 24 * 3_600);

        Assert.Equal(new(true, int.MaxValue, int.MaxValue - 1, ResetIn(61), 0), _store.Take(huge));
    }

    [Fact]
    public void Asking_allocates_nothing()
    {
        _store.Take(_pro);
        var exhausted = _pro with { KeyId = Guid.NewGuid(), RequestsPerMinute = 1, Burst = 1 };
        _store.Take(exhausted);
        var granted = _pro with { KeyId = Guid.NewGuid(), Burst = 1_000_000 };

        Assert.Equal(0, Allocations.Of(() => _store.Take(granted)));
        Assert.Equal(0, Allocations.Of(() => _store.Take(exhausted)));
        Assert.Equal(0, Allocations.Of(() => _store.Peek(_pro)));
    }

    private long ResetIn(int seconds) => _clock.Wall.ToUnixTimeSeconds() + seconds;
}
