using Penstock.Engines;

namespace Penstock.Metering;

/// <summary>
/// What a million tokens cost, in millionths of the operator's currency: 0.15 is 150,000. Whole numbers, so that a
/// month of sums is exact.
/// </summary>
/// <param name="Cached">Of prompt tokens that the engine found in its cache; null: as much as any other.</param>
internal sealed record TokenPrice(long Prompt, long? Cached, long Completion)
{
    /// <summary>The cost of one request in nano-units, rounded half up once, at the end.</summary>
    public long Of(in TokenUsage usage)
    {
        var cached = Math.Clamp(usage.Cached ?? 0, 0, usage.Prompt);
        // Tokens times micro-units a million tokens are pico-units: a thousandth of what is kept.
        var picos =
            ((Int128)(usage.Prompt - cached) * Prompt)
            + ((Int128)cached * (Cached ?? Prompt))
            + ((Int128)usage.Completion * Completion);
        return (long)Int128.Min(long.MaxValue, (picos + 500) / 1_000);
    }
}
