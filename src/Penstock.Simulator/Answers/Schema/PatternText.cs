using System.Text;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>
/// Writes a text that matches a regular expression of the usual kind: literals, classes, groups, alternatives,
/// repetition. What it does not know (look-around, back references) it passes over; the caller checks the result.
/// </summary>
internal ref struct PatternText
{
    // Repetitions without an upper limit get at most this many turns more than they must have.
    private const int MoreTurns = 4;
    private const int MostTurns = 4096;
    private const int Depth = 64;

    private readonly string pattern;
    private readonly ref Dice dice;
    private readonly int more;
    private int at;
    private int depth;

    private PatternText(string pattern, ref Dice dice, int more)
    {
        this.pattern = pattern;
        this.dice = ref dice;
        this.more = more;
    }

    /// <param name="pattern">The expression.</param>
    /// <param name="dice">Chooses among what matches.</param>
    /// <param name="more">Longer repetitions, for a caller who needs more length.</param>
    /// <returns>Null where the expression cannot be read.</returns>
    public static string? Write(string pattern, ref Dice dice, int more = 0)
    {
        var writer = new PatternText(pattern, ref dice, more);
        var text = writer.Alternatives();
        return writer.at == pattern.Length ? text : null;
    }

    private bool IsAtEnd => at >= pattern.Length;

    private string Alternatives()
    {
        var choices = new List<string> { Sequence() };
        while (!IsAtEnd && pattern[at] == '|')
        {
            at++;
            choices.Add(Sequence());
        }

        return choices[dice.Next(choices.Count)];
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (!IsAtEnd && pattern[at] is not '|' and not ')')
        {
            Term(text);
        }

        return text.ToString();
    }

    private void Term(StringBuilder text)
    {
        var start = at;
        var once = Atom();
        var atomEnd = at;
        var turns = Turns();
        var end = at;
        for (var turn = 0; turn < turns; turn++)
        {
            if (turn > 0)
            {
                // Read again: every turn may choose other characters.
                at = start;
                once = Atom();
            }

            text.Append(once);
        }

        at = turns > 0 && end == atomEnd ? atomEnd : end;
    }

    private string Atom()
    {
        var c = pattern[at++];
        switch (c)
        {
            case '^' or '$':
                return "";
            case '.':
                return dice.Pick<char>("abcdefghijklmnopqrstuvwxyz").ToString();
            case '[':
                return Class();
            case '(':
                return Group();
            case '\\' when !IsAtEnd:
                return Escaped();
            default:
                return c.ToString();
        }
    }

    private string Group()
    {
        var isLookAround = Starts("?=") || Starts("?!") || Starts("?<=") || Starts("?<!");
        if (!IsAtEnd && pattern[at] == '?')
        {
            at +=
                Starts("?:") ? 2
                : isLookAround ? (pattern[at + 1] == '<' ? 3 : 2)
                : pattern.IndexOf('>', at) + 1 - at;
        }

        var text = ++depth > Depth ? "" : Alternatives();
        depth--;
        if (!IsAtEnd && pattern[at] == ')')
        {
            at++;
        }

        return isLookAround ? "" : text;
    }

    private bool Starts(string text) =>
        pattern.AsSpan(Math.Min(at, pattern.Length)).StartsWith(text, StringComparison.Ordinal);

    private int Turns()
    {
        if (IsAtEnd)
        {
            return 1;
        }

        var (least, most) = (1, 1);
        switch (pattern[at])
        {
            case '*':
                (least, most) = (0, int.MaxValue);
                at++;
                break;
            case '+':
                (least, most) = (1, int.MaxValue);
                at++;
                break;
            case '?':
                (least, most) = (0, 1);
                at++;
                break;
            case '{' when Counted() is { } counted:
                (least, most) = counted;
                break;
            default:
                return 1;
        }

        if (!IsAtEnd && pattern[at] is '?' or '+')
        {
            at++;
        }

        least = Math.Min(least + (most == int.MaxValue ? more : 0), MostTurns);
        var spread = Math.Min((long)most - least, MoreTurns);
        return least + (spread > 0 ? dice.Next((int)spread + 1) : 0);
    }

    private (int Least, int Most)? Counted()
    {
        var close = pattern.IndexOf('}', at);
        var parts = close < 0 ? [] : pattern[(at + 1)..close].Split(',');
        if (parts.Length is 0 or > 2 || !int.TryParse(parts[0], out var least))
        {
            return null;
        }

        var most =
            parts.Length == 1 ? least
            : parts[1].Length == 0 ? int.MaxValue
            : int.TryParse(parts[1], out var value) ? value
            : -1;
        if (most < least)
        {
            return null;
        }

        at = close + 1;
        return (least, most);
    }

    private string Escaped()
    {
        var c = pattern[at++];
        return c is 'b' or 'B' ? "" : dice.Pick<char>(CharacterClass.Escaped(c, pattern, ref at)).ToString();
    }

    private string Class()
    {
        var characters = CharacterClass.Read(pattern, ref at);
        return characters.Length == 0 ? "" : characters[dice.Next(characters.Length)].ToString();
    }
}
