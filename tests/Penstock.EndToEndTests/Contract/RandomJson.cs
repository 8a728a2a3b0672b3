using System.Globalization;
using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Random valid JSON text with random white space: any value, any escape, any size of number.</summary>
internal sealed class RandomJson(Chance chance, int size)
{
    private readonly StringBuilder _text = new();

    /// <summary>An object's members, without the braces, never named like a parameter.</summary>
    public string Members()
    {
        _text.Clear();
        var count = 1 + chance.Next(size);
        for (var i = 0; i < count; i++)
        {
            _text.Append(i == 0 ? "" : ",");
            Space();
            _text.Append("\"x_").Append(i);
            Characters();
            _text.Append('"');
            Space();
            _text.Append(':');
            Value(0);
        }

        return _text.ToString();
    }

    private void Value(int depth)
    {
        Space();
        switch (chance.Next(depth > 6 ? 4 : 6))
        {
            case 0:
                _text.Append((string[])["null", "true", "false"], chance);
                break;
            case 1 or 2:
                Number();
                break;
            case 3:
                _text.Append('"');
                Characters();
                _text.Append('"');
                break;
            case 4:
                Sequence('[', ']', () => Value(depth + 1));
                break;
            default:
                Sequence('{', '}', () => Member(depth));
                break;
        }

        Space();
    }

    private void Member(int depth)
    {
        Space();
        _text.Append('"');
        Characters();
        _text.Append('"');
        Space();
        _text.Append(':');
        Value(depth + 1);
    }

    private void Sequence(char open, char close, Action item)
    {
        _text.Append(open);
        var count = chance.Next(5);
        for (var i = 0; i < count; i++)
        {
            _text.Append(i == 0 ? "" : ",");
            item();
        }

        Space();
        _text.Append(close);
    }

    private void Number()
    {
        _text.Append(chance.Next(2) == 0 ? "-" : "");
        _text.Append(chance.Next(3) == 0 ? "0" : Digits(1 + chance.Next(25)).TrimStart('0').PadLeft(1, '1'));
        if (chance.Next(2) == 0)
        {
            _text.Append('.').Append(Digits(1 + chance.Next(20)));
        }

        if (chance.Next(3) == 0)
        {
            _text.Append((string[])["e", "E", "e+", "E-"], chance).Append(Digits(1 + chance.Next(4)));
        }
    }

    private string Digits(int count) =>
        string.Concat(Enumerable.Range(0, count).Select(_ => (char)('0' + chance.Next(10))));

    private void Characters()
    {
        var count = chance.Next(12);
        for (var i = 0; i < count; i++)
        {
            switch (chance.Next(6))
            {
                case 0:
                    _text.Append("\\u").Append(chance.Next(0x10000).ToString("x4", CultureInfo.InvariantCulture));
                    break;
                case 1:
                    _text.Append((string[])["\\\"", "\\\\", "\\/", "\\b", "\\f", "\\n", "\\r", "\\t"], chance);
                    break;
                case 2:
                    _text.Append(Scalar());
                    break;
                default:
                    _text.Append((char)('a' + chance.Next(26)));
                    break;
            }
        }
    }

    private Rune Scalar()
    {
        var value = 0x80 + chance.Next(0x110000 - 0x80 - 0x800);
        return new Rune(value < 0xd800 ? value : value + 0x800);
    }

    private void Space()
    {
        while (chance.Next(5) == 0)
        {
            _text.Append(" \t\r\n"[chance.Next(4)]);
        }
    }
}

/// <summary>Appends one of several texts.</summary>
internal static class StringBuilderChoice
{
    public static StringBuilder Append(this StringBuilder text, string[] choices, Chance chance) =>
        text.Append(choices[chance.Next(choices.Length)]);
}
