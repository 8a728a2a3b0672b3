using FsCheck;
using FsCheck.Xunit;
using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreProperties
{
    // One tick a second, a watch crystal, the platforms' own, and primes that divide nothing.
    private static readonly long[] Frequencies = [1, 7, 32_768, 10_000_000, 70_000_001, 999_999_937, 1_000_000_000];
    private static readonly int[] Budgets = [1, 2, 7, 59, 60, 61, 500, 1_000, 33_333, 100_000];

    [Property(MaxTest = 300, StartSize = 50, EndSize = 400)]
    public void Every_decision_is_the_slow_references_decision(
        byte frequencyChoice,
        byte budgetChoice,
        byte burst,
        (byte Kind, byte High, byte Low)[] gaps
    )
    {
        var frequency = Frequencies[frequencyChoice % Frequencies.Length];
        var clock = new TickClock(frequency);
        var limit = new Limit(Guid.NewGuid(), Budgets[budgetChoice % Budgets.Length], 1 + (burst % 60));
        using var store = new LocalLimitStore(clock);
        var reference = new ReferenceLimit(frequency, limit.RequestsPerMinute, limit.Burst, clock.GetTimestamp());

        foreach (var (kind, high, low) in gaps)
        {
            clock.AdvanceTicks(Gap(kind, (high << 8) | low, frequency, limit));
            var now = clock.GetTimestamp();
            var expected = reference.Take(now);

            var decision = store.Take(limit);

            Assert.Equal(expected, decision.Granted);
            Assert.Equal(expected ? reference.Remaining(now) : 0, decision.Remaining);
            Assert.Equal(reference.Remaining(now), store.Peek(limit).Remaining);
            AssertRetryAfterIsHonest(reference, decision, now, frequency);
        }

        AssertNoMinuteHoldsMoreThanLimitAndBurst(reference.Granted, limit, frequency);
    }

    // Only bytes are drawn from their whole range whatever the size of the case.
    private static long Gap(byte kind, int amount, long frequency, Limit limit) =>
        (kind % 8) switch
        {
            0 or 1 or 2 => 0,
            3 => 1,
            4 => amount,
            // Up to about two intervals of the rate, and up to 65 seconds.
            5 => (long)(frequency * 60.0 / limit.RequestsPerMinute * amount / 32_768),
            6 => frequency * (amount % 62),
            _ => frequency * amount / 1_000,
        };

    private static void AssertRetryAfterIsHonest(
        ReferenceLimit reference,
        LimitDecision decision,
        long now,
        long frequency
    )
    {
        if (decision.Granted)
        {
            Assert.Equal(0, decision.RetryAfterSeconds);
            return;
        }

        Assert.True(decision.RetryAfterSeconds >= 1);
        Assert.True(reference.Passes(now + (decision.RetryAfterSeconds * frequency)));
        if (decision.RetryAfterSeconds > 1)
        {
            Assert.False(reference.Passes(now + ((decision.RetryAfterSeconds - 1) * frequency)));
        }
    }

    private static void AssertNoMinuteHoldsMoreThanLimitAndBurst(
        IReadOnlyList<long> granted,
        Limit limit,
        long frequency
    )
    {
        for (var first = 0; first < granted.Count; first++)
        {
            var inMinute = granted.Count(time => time >= granted[first] && time - granted[first] <= 60 * frequency);
            Assert.True(inMinute <= limit.RequestsPerMinute + limit.Burst);
        }
    }
}
