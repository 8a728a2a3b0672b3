using Penstock.Limits;

namespace Penstock.Tests.Limits;

/// <summary>A sequence of requests with gaps between them, each judged by the slow reference.</summary>
internal static class LimitSequence
{
    private static readonly int[] Budgets = [1, 2, 7, 59, 60, 61, 500, 1_000, 33_333, 100_000];

    public static Limit LimitOf(byte budget, byte burst) =>
        new(Guid.NewGuid(), Budgets[budget % Budgets.Length], 1 + (burst % 60));

    /// <param name="store">Whose request it is, by its number: several nodes on one server are one store.</param>
    public static async Task JudgeAsync(
        Func<int, ILimitStore> store,
        TickClock clock,
        Limit limit,
        (byte Kind, byte High, byte Low)[] gaps
    )
    {
        var frequency = clock.TimestampFrequency;
        var reference = new ReferenceLimit(frequency, limit.RequestsPerMinute, limit.Burst, clock.GetTimestamp());
        for (var request = 0; request < gaps.Length; request++)
        {
            var (kind, high, low) = gaps[request];
            clock.AdvanceTicks(Gap(kind, (high << 8) | low, frequency, limit));
            var now = clock.GetTimestamp();
            var expected = reference.Take(now);

            var decision = await store(request).TakeAsync(limit, CancellationToken.None);

            Assert.Equal(expected, decision.Granted);
            Assert.Equal(expected ? reference.Remaining(now) : 0, decision.Remaining);
            var look = await store(request + 1).PeekAsync(limit, CancellationToken.None);
            Assert.Equal(reference.Remaining(now), look.Remaining);
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
