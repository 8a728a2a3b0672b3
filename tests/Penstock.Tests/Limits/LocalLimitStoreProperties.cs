using FsCheck.Xunit;
using Penstock.Limits;

namespace Penstock.Tests.Limits;

public sealed class LocalLimitStoreProperties
{
    // One tick a second, a watch crystal, the platforms' own, and primes that divide nothing.
    private static readonly long[] Frequencies = [1, 7, 32_768, 10_000_000, 70_000_001, 999_999_937, 1_000_000_000];

    [Property(MaxTest = 300, StartSize = 50, EndSize = 400)]
    public async Task Every_decision_is_the_slow_references_decision(
        byte frequency,
        byte budget,
        byte burst,
        (byte Kind, byte High, byte Low)[] gaps
    )
    {
        var clock = new TickClock(Frequencies[frequency % Frequencies.Length]);
        using var store = new LocalLimitStore(clock);

        await LimitSequence.JudgeAsync(_ => store, clock, LimitSequence.LimitOf(budget, burst), gaps);
    }
}
