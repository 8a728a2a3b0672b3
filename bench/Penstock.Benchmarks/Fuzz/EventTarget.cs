using System.Text;
using System.Text.RegularExpressions;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Benchmarks.Fuzz;

/// <summary>Where events end, compared with a pattern that says the same in another way, for any cutting into reads.</summary>
internal static partial class EventTarget
{
    public static string? Judge(byte[] input, Chance chance)
    {
        var expected = string.Join(
            ' ',
            Whole().Matches(Encoding.Latin1.GetString(input)).Select(match => match.Length)
        );
        var found = string.Join(' ', Find(input, chance));
        return expected == found ? null : $"Events of {expected} bytes; the scanner found {found}.";
    }

    private static List<int> Find(ReadOnlySpan<byte> input, Chance chance)
    {
        var lengths = new List<int>();
        var (start, seen, from) = (0, 0, 0);
        while (seen < input.Length)
        {
            seen = Math.Min(input.Length, seen + 1 + chance.Next(9));
            while (SseScanner.FindEnd(input[start..seen], from, out var resume) is var length)
            {
                from = length < 0 ? resume : 0;
                if (length < 0)
                {
                    break;
                }

                lengths.Add(length);
                start += length;
            }
        }
        return lengths;
    }

    // Lines, then an empty one. A CR at the very end may be half of a line end: it ends nothing yet.
    [GeneratedRegex(
        @"\G(?:[^\r\n]+(?:\r\n|\n|\r(?!\n|\z)))*(?:\r\n|\n|\r(?!\n|\z))",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Whole();
}
