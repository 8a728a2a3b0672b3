using System.Globalization;
using System.Text;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>Which characters a class of a regular expression allows, out of those worth writing.</summary>
internal static class CharacterClass
{
    private const string Digits = "0123456789";
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Printable = Letters + Digits + " -_.:/,;!@#%&()+='\"$*<>?[]\\^`{|}~";

    // A class of all CJK letters needs no 20,000 candidates.
    private const int MostOfRange = 128;

    /// <summary>Reads from after the opening bracket to after the closing one.</summary>
    public static string Read(string pattern, ref int at)
    {
        var isNegated = at < pattern.Length && pattern[at] == '^';
        at += isNegated ? 1 : 0;
        var characters = new StringBuilder();
        for (var isFirst = true; at < pattern.Length && (isFirst || pattern[at] != ']'); isFirst = false)
        {
            var low = Next(pattern, ref at);
            var isRange = low.Length == 1 && at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']';
            if (!isRange)
            {
                characters.Append(low);
                continue;
            }

            at++;
            var high = Next(pattern, ref at);
            for (int c = low[0]; c <= high[0] && c - low[0] < MostOfRange; c++)
            {
                characters.Append((char)c);
            }
        }

        at = Math.Min(at + 1, pattern.Length);
        var listed = characters.ToString();
        return isNegated ? string.Concat(Printable.Where(c => !listed.Contains(c, StringComparison.Ordinal))) : listed;
    }

    /// <summary>The characters of an escape whose letter was read already.</summary>
    public static string Escaped(char c, string pattern, ref int at) =>
        c switch
        {
            'd' => Digits,
            'w' => Letters + Digits + "_",
            's' => " ",
            'D' => Letters,
            'W' => " -.",
            'S' => Letters + Digits,
            'n' => "\n",
            't' => "\t",
            'r' => "\r",
            'p' or 'P' => Category(pattern, ref at),
            'u' => Code(pattern, 4, ref at),
            'x' => Code(pattern, 2, ref at),
            _ => c.ToString(),
        };

    private static string Next(string pattern, ref int at)
    {
        var c = pattern[at++];
        return c == '\\' && at < pattern.Length ? Escaped(pattern[at++], pattern, ref at) : c.ToString();
    }

    private static string Code(string pattern, int digits, ref int at)
    {
        var isCode =
            at + digits <= pattern.Length
            && int.TryParse(
                pattern.AsSpan(at, digits),
                NumberStyles.AllowHexSpecifier,
                CultureInfo.InvariantCulture,
                out _
            );
        if (!isCode)
        {
            return "u";
        }

        var code = int.Parse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        at += digits;
        return ((char)code).ToString();
    }

    private static string Category(string pattern, ref int at)
    {
        var close = at < pattern.Length && pattern[at] == '{' ? pattern.IndexOf('}', at) : -1;
        var name = close < 0 ? "" : pattern[(at + 1)..close];
        at = close < 0 ? at : close + 1;
        return name switch
        {
            "Lu" => "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            "Ll" => "abcdefghijklmnopqrstuvwxyz",
            "N" or "Nd" => Digits,
            _ => Letters,
        };
    }
}
