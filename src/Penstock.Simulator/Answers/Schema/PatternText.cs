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

    private readonly string _pattern;
    private readonly ref Dice _dice;
    private readonly int _more;
    private int _at;
    private int _depth;

    private PatternText(string pattern, ref Dice dice, int more)
    {
        _pattern = pattern;
        _dice = ref dice;
        _more = more;
    }

    /// <param name="pattern">The expression.</param>
    /// <param name="dice">Chooses among what matches.</param>
    /// <param name="more">Longer repetitions, for a caller who needs more length.</param>
    /// <returns>Null where the expression cannot be read.</returns>
    public static string? Write(string pattern, ref Dice dice, int more = 0)
    {
        var writer = new PatternText(pattern, ref dice, more);
        var text = writer.Alternatives();
        return writer._at == pattern.Length ? text : null;
    }

    private bool IsAtEnd => _at >= _pattern.Length;

    private string Alternatives()
    {
        var choices = new List<string> { Sequence() };
        while (!IsAtEnd && _pattern[_at] == '|')
        {
            _at++;
            choices.Add(Sequence());
        }

        return choices[_dice.Next(choices.Count)];
    }

    private string Sequence()
    {
        var text = new StringBuilder();
        while (!IsAtEnd && _pattern[_at] is not '|' and not ')')
        {
            Term(text);
        }

        return text.ToString();
    }

    private void Term(StringBuilder text)
    {
        var start = _at;
        var once = Atom();
        var atomEnd = _at;
        var turns = Turns();
        var end = _at;
        for (var turn = 0; turn < turns; turn++)
        {
            if (turn > 0)
            {
                // Read again: every turn may choose other characters.
                _at = start;
                once = Atom();
            }

            text.Append(once);
        }

        _at = turns > 0 && end == atomEnd ? atomEnd : end;
    }

    private string Atom()
    {
        var c = _pattern[_at++];
        switch (c)
        {
            case '^' or '$':
                return "";
            case '.':
                return _dice.Pick<char>("abcdefghijklmnopqrstuvwxyz").ToString();
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
        if (!IsAtEnd && _pattern[_at] == '?')
        {
            _at +=
                Starts("?:") ? 2
                : isLookAround ? (_pattern[_at + 1] == '<' ? 3 : 2)
                : _pattern.IndexOf('>', _at) + 1 - _at;
        }

        var text = ++_depth > Depth ? "" : Alternatives();
        _depth--;
        if (!IsAtEnd && _pattern[_at] == ')')
        {
            _at++;
        }

        return isLookAround ? "" : text;
    }

    private bool Starts(string text) =>
        _pattern.AsSpan(Math.Min(_at, _pattern.Length)).StartsWith(text, StringComparison.Ordinal);

    private int Turns()
    {
        if (IsAtEnd)
        {
            return 1;
        }

        var (least, most) = (1, 1);
        switch (_pattern[_at])
        {
            case '*':
                (least, most) = (0, int.MaxValue);
                _at++;
                break;
            case '+':
                (least, most) = (1, int.MaxValue);
                _at++;
                break;
            case '?':
                (least, most) = (0, 1);
                _at++;
                break;
            case '{' when Counted() is { } counted:
                (least, most) = counted;
                break;
            default:
                return 1;
        }

        if (!IsAtEnd && _pattern[_at] is '?' or '+')
        {
            _at++;
        }

        least = Math.Min(least + (most == int.MaxValue ? _more : 0), MostTurns);
        var spread = Math.Min((long)most - least, MoreTurns);
        return least + (spread > 0 ? _dice.Next((int)spread + 1) : 0);
    }

    private (int Least, int Most)? Counted()
    {
        var close = _pattern.IndexOf('}', _at);
        var parts = close < 0 ? [] : _pattern[(_at + 1)..close].Split(',');
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

        _at = close + 1;
        return (least, most);
    }

    private string Escaped()
    {
        var c = _pattern[_at++];
        return c is 'b' or 'B' ? "" : _dice.Pick<char>(CharacterClass.Escaped(c, _pattern, ref _at)).ToString();
    }

    private string Class()
    {
        var characters = CharacterClass.Read(_pattern, ref _at);
        return characters.Length == 0 ? "" : characters[_dice.Next(characters.Length)].ToString();
    }
}
