using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreTests : LimitStoreContract, IDisposable
{
    private const long Frequency = 999_999_937;

    private readonly TickClock _clock = new(Frequency);
    private readonly LocalLimitStore _store;
    private readonly Limit _pro = new(Guid.NewGuid(), RequestsPerMinute: 500, Burst: 50);

    public LocalLimitStoreTests() => _store = new LocalLimitStore(_clock);

    private protected override TickClock Clock => _clock;

    private protected override ILimitStore Store => _store;

    public void Dispose() => _store.Dispose();

    [Fact]
    public void A_key_that_only_looks_costs_no_memory()
    {
        _store.Peek(_pro);

        Assert.Equal(0, _store.Count);
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

    private protected override long ResetIn(int seconds) => _clock.Wall.ToUnixTimeSeconds() + seconds;
}
