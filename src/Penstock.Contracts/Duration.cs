using System.Globalization;

namespace Penstock.Contracts;

/// <summary>Lengths of time as a person writes them: <c>500ms</c>, <c>2s</c>, <c>30m</c>, <c>24h</c>, <c>30d</c>.</summary>
public static class Duration
{
    private static readonly (string Suffix, long Ticks)[] Units =
    [
        ("ms", TimeSpan.TicksPerMillisecond),
        ("s", TimeSpan.TicksPerSecond),
        ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour),
        ("d", TimeSpan.TicksPerDay),
    ];

    /// <summary>A whole number and a unit, nothing else; never negative.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = default;
        if (text is null)
        {
            return false;
        }

        foreach (var (suffix, ticks) in Units)
        {
            if (
                !text.EndsWith(suffix, StringComparison.Ordinal)
                || !TryNumber(text.AsSpan()[..^suffix.Length], out var number)
            )
            {
                continue;
            }

            if (number > TimeSpan.MaxValue.Ticks / ticks)
            {
                return false;
            }

            duration = TimeSpan.FromTicks(number * ticks);
            return true;
        }

        return false;
    }

    /// <summary>In the largest unit that shows it exactly, but not in days below two: <c>24h</c>, <c>30m</c>, <c>2s</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        for (var i = Units.Length - 1; i >= 0; i--)
        {
            var (suffix, ticks) = Units[i];
            var least = suffix == "d" ? 2 : 1;
            if (duration.Ticks % ticks == 0 && duration.Ticks / ticks >= least)
            {
                return $"{duration.Ticks / ticks}{suffix}";
            }
        }

        return duration == TimeSpan.Zero ? "0s" : $"{(long)duration.TotalMilliseconds}ms";
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
