using System.Globalization;

namespace Penstock.Limits;

/// <summary>Decimal texts of numbers that many answers repeat, made once. Safe for all threads.</summary>
internal static class NumberText
{
    /// <summary>Up to the ceiling of plan team; all texts together stay below 400 KB, made as they are needed.</summary>
    private const int SmallCount = 10_001;

    /// <summary>Holds the minute of resets that are in use at a time beside the limits of the keys.</summary>
    private const int RepeatedCount = 256;

    private static readonly string?[] Small = new string?[SmallCount];
    private static readonly Entry?[] Repeated = new Entry?[RepeatedCount];

    /// <summary>For numbers that are mostly small.</summary>
    public static string Of(long number)
    {
        if ((ulong)number >= SmallCount)
        {
            return Format(number);
        }

        // Two threads may make the same text at once; either is right.
        return Small[number] ??= Format(number);
    }

    /// <summary>For numbers that may be large but come again: a limit, the current minute's resets.</summary>
    public static string OfRepeated(long number)
    {
        if ((ulong)number < SmallCount)
        {
            return Of(number);
        }

        ref var entry = ref Repeated[(ulong)number % RepeatedCount];
        if (entry is { } known && known.Number == number)
        {
            return known.Text;
        }

        var made = new Entry(number, Format(number));
        entry = made;
        return made.Text;
    }

    private static string Format(long number) => number.ToString(CultureInfo.InvariantCulture);

    // Immutable and swapped as one reference, so that number and text always belong together.
    private sealed record Entry(long Number, string Text);
}
