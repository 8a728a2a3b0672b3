using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreConcurrencyTests
{
    private const long Frequency = 70_000_001;

    [Fact]
    public void Fifty_threads_on_twenty_keys_are_granted_exactly_what_the_reference_allows()
    {
        const int Phases = 25;
        var clock = new TickClock(Frequency);
        using var store = new LocalLimitStore(clock);
        var limits = Enumerable
            .Range(1, 20)
            .Select(number => new Limit(Guid.NewGuid(), number * 37, Math.Max(1, number * 37 / 10)))
            .ToArray();
        var references = limits
            .Select(limit => new ReferenceLimit(Frequency, limit.RequestsPerMinute, limit.Burst, clock.GetTimestamp()))
            .ToArray();

        for (var phase = 0; phase < Phases; phase++)
        {
            var remaining = Enumerable.Range(0, limits.Length).Select(_ => new List<int>()).ToArray();
            Threads.Run(50, _ => TakeOften(store, limits, remaining));
            for (var key = 0; key < limits.Length; key++)
            {
                Assert.Equal(Expected(references[key], clock.GetTimestamp()), remaining[key].Order());
            }

            // Uneven steps: some drain part of a request, some several, some forget what was counted.
            clock.AdvanceTicks(
                (phase % 5) switch
                {
                    0 => 1,
                    1 => Frequency / 3,
                    4 => 47 * Frequency,
                    _ => Frequency,
                }
            );
        }
    }

    [Fact]
    public void Threads_that_race_the_clock_are_granted_what_the_elapsed_time_allows_to_the_request()
    {
        var clock = new TickClock(Frequency);
        using var store = new LocalLimitStore(clock);
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 997, Burst: 99);
        var start = clock.GetTimestamp();
        while (store.Take(limit).Granted) { }

        long granted = limit.Burst;
        Threads.Run(
            50,
            _ =>
            {
                for (var request = 0; request < 2_000; request++)
                {
                    // Each step drains a hundredth of a request, so the bucket is never empty: it stays the bound.
                    clock.AdvanceTicks(Frequency * 60 / 997 / 100);
                    Interlocked.Add(ref granted, store.Take(limit).Granted ? 1 : 0);
                }
            }
        );

        while (store.Take(limit).Granted)
        {
            granted++;
        }

        var elapsed = (Int128)(clock.GetTimestamp() - start);
        Assert.Equal((long)(limit.Burst + (elapsed * limit.RequestsPerMinute / (60 * Frequency))), granted);
    }

    [Fact]
    public void Sweeping_never_forgets_a_request_that_is_just_being_granted()
    {
        var clock = new TickClock(Frequency);
        using var store = new LocalLimitStore(clock);
        var limit = new Limit(Guid.NewGuid(), RequestsPerMinute: 60, Burst: 3);

        for (var round = 0; round < 500; round++)
        {
            clock.AdvanceSeconds(600);
            var granted = 0;
            Threads.Run(
                4,
                thread =>
                {
                    for (var call = 0; call < 20; call++)
                    {
                        if (thread == 0)
                        {
                            store.Sweep();
                        }
                        else if (store.Take(limit).Granted)
                        {
                            Interlocked.Increment(ref granted);
                        }
                    }
                }
            );
            Assert.Equal(limit.Burst, granted);
        }
    }

    private static void TakeOften(LocalLimitStore store, Limit[] limits, List<int>[] remaining)
    {
        for (var request = 0; request < 3; request++)
        {
            for (var key = 0; key < limits.Length; key++)
            {
                if (store.Take(limits[key]) is { Granted: true } decision)
                {
                    lock (remaining[key])
                    {
                        remaining[key].Add(decision.Remaining);
                    }
                }
            }
        }
    }

    // 150 requests at one moment, whoever sends them: each granted one has a Remaining of its own.
    private static IEnumerable<int> Expected(ReferenceLimit reference, long now)
    {
        var remaining = new List<int>();
        for (var request = 0; request < 150 && reference.Take(now); request++)
        {
            remaining.Add(reference.Remaining(now));
        }

        return remaining.Order();
    }
}
