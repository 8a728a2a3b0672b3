using System.Text;
using System.Text.Json;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>
/// Writes a string: by its format, its pattern, its property's name, or some words of the right length.
/// </summary>
internal static class StringWriter
{
    // A client may ask for any length; a megabyte is the longest that is written.
    private const int Most = 1 << 20;

    // Text that ends within a sentence's length is what a person expects of a free string.
    private const int Usual = 60;

    public static string Write(SchemaSet set, string name, ref Dice dice)
    {
        var least = Math.Min(set.AtLeast("minLength"), Most);
        var most = set.AtMost("maxLength");
        foreach (var pattern in set.Values("pattern"))
        {
            if (Matching(pattern.GetString() ?? "", least, most, ref dice) is { } text)
            {
                return text;
            }
        }

        foreach (var format in set.Values("format").Where(f => f.ValueKind == JsonValueKind.String))
        {
            if (
                Samples.ByFormat.TryGetValue(format.GetString() ?? "", out var samples)
                && Fits(samples, least, most, ref dice) is { } text
            )
            {
                return text;
            }
        }

        return Samples.ForName(name) is { } named && Fits(named, least, most, ref dice) is { } sample
            ? sample
            : Words(least, most, ref dice);
    }

    private static string? Matching(string pattern, int least, int most, ref Dice dice)
    {
        string? best = null;
        for (var tries = 0; tries < 32; tries++)
        {
            var text = PatternText.Write(pattern, ref dice, tries);
            if (text is null || !SchemaCheck.Matches(text, pattern))
            {
                continue;
            }

            best ??= text;
            var length = JsonNodes.Length(text);
            if (length >= least && length <= most)
            {
                return text;
            }
        }

        return Padded(best, pattern, least, most) ?? best;
    }

    /// <summary>An unanchored pattern leaves room around its match.</summary>
    private static string? Padded(string? text, string pattern, int least, int most) =>
        text is not null
        && JsonNodes.Length(text) < least
        && Array.Find(
            [text + new string('a', least - text.Length), new string('a', least - text.Length) + text],
            padded => SchemaCheck.Matches(padded, pattern) && JsonNodes.Length(padded) <= most
        )
            is { } found
            ? found
            : null;

    private static string? Fits(string[] samples, int least, int most, ref Dice dice)
    {
        var start = dice.Next(samples.Length);
        for (var i = 0; i < samples.Length; i++)
        {
            var sample = samples[(start + i) % samples.Length];
            if (JsonNodes.Length(sample) >= least && JsonNodes.Length(sample) <= most)
            {
                return sample;
            }
        }

        return null;
    }

    private static string Words(int least, int most, ref Dice dice)
    {
        var text = new StringBuilder();
        var length = 0;
        var wanted = Math.Max(least, Math.Min(8 + dice.Next(24), Math.Min(most, Usual)));
        while (length < wanted)
        {
            var word = dice.Pick<Token>(dice.OneIn(2) ? Vocabulary.Adjectives : Vocabulary.Nouns).Text;
            word = length == 0 ? word.TrimStart() : word;
            text.Append(word);
            length += JsonNodes.Length(word);
        }

        if (length <= most)
        {
            return text.ToString();
        }

        return string.Concat(text.ToString().EnumerateRunes().Take(most));
    }
}
