using System.Globalization;

namespace Penstock.Simulator.Faults;

/// <summary>Reads the values of directives and flags; says what it expected when it cannot.</summary>
internal static class DirectiveValue
{
    public static int Number(string text, int least) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least
            ? number
            : throw new FormatException($"expected a whole number from {least}");

    /// <summary>From 0 to 1.</summary>
    public static double Share(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 1
            ? share
            : throw new FormatException("expected a share from 0 to 1, for example 0.1");

    public static string OneOf(string text, params string[] values) =>
        Array.IndexOf(values, text) >= 0
            ? text
            : throw new FormatException($"expected one of {string.Join(", ", values)}");

    public static TimeSpan Positive(string text) =>
        Duration(text) is var time && time > TimeSpan.Zero
            ? time
            : throw new FormatException("expected more than nothing");

    /// <summary>A number with us, ms, s or m behind it; milliseconds where nothing is.</summary>
    public static TimeSpan Duration(string text)
    {
        var unit = text.AsSpan().TrimStart("0123456789.");
        var perUnit = unit switch
        {
            "us" => TimeSpan.TicksPerMicrosecond,
            "ms" or "" => TimeSpan.TicksPerMillisecond,
            "s" => TimeSpan.TicksPerSecond,
            "m" => TimeSpan.TicksPerMinute,
            _ => 0,
        };
        var digits = text.AsSpan(0, text.Length - unit.Length);
        // A day is longer than any test and keeps the product of both in range.
        return
            perUnit > 0
            && double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * perUnit <= TimeSpan.TicksPerDay
            ? TimeSpan.FromTicks((long)(number * perUnit))
            : throw new FormatException("expected a duration such as 250us, 20ms, 1.5s or 2m");
    }
}
