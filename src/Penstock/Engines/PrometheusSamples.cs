using System.Buffers.Text;
using System.Text;

namespace Penstock.Engines;

/// <summary>Walks the samples of a text in the Prometheus exposition format, without copying any of it.</summary>
internal ref struct PrometheusSamples(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;
    private ReadOnlySpan<byte> _name;
    private ReadOnlySpan<byte> _labels;
    private ReadOnlySpan<byte> _value;

    /// <summary>The next line that is a sample; comments, empty lines and broken ones are passed over.</summary>
    public bool MoveNext()
    {
        while (!_rest.IsEmpty)
        {
            var end = _rest.IndexOf((byte)'\n');
            var line = end < 0 ? _rest : _rest[..end];
            _rest = end < 0 ? [] : _rest[(end + 1)..];
            if (TryRead(line.Trim(" \t\r"u8)))
            {
                return true;
            }
        }

        return false;
    }

    public readonly bool IsNamed(string name) => Ascii.Equals(_name, name);

    /// <summary>A label of this name stands here and is not 0.</summary>
    public readonly bool IsFurtherRank(ReadOnlySpan<byte> label)
    {
        var rest = _labels;
        while (NextLabel(ref rest, out var name, out var value))
        {
            if (name.SequenceEqual(label))
            {
                return !value.SequenceEqual("0"u8);
            }
        }

        return false;
    }

    /// <summary>False for what is no finite number: a gauge that says NaN does not know.</summary>
    public readonly bool TryReadValue(out double value) =>
        Utf8Parser.TryParse(_value, out value, out var read) && read == _value.Length && double.IsFinite(value);

    private bool TryRead(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == '#')
        {
            return false;
        }

        var nameEnd = line.IndexOfAny("{ \t"u8);
        if (nameEnd <= 0)
        {
            return false;
        }

        _name = line[..nameEnd];
        _labels = [];
        var rest = line[nameEnd..];
        if (rest[0] == '{')
        {
            var close = CloseOfLabels(rest);
            if (close < 0)
            {
                return false;
            }

            _labels = rest[1..close];
            rest = rest[(close + 1)..];
        }

        // A timestamp may follow the value.
        rest = rest.TrimStart(" \t"u8);
        var valueEnd = rest.IndexOfAny(" \t"u8);
        _value = valueEnd < 0 ? rest : rest[..valueEnd];
        return !_value.IsEmpty;
    }

    // A label's value may hold a brace, and a quote behind a backslash.
    private static int CloseOfLabels(ReadOnlySpan<byte> text)
    {
        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            switch (text[at])
            {
                case (byte)'\\' when quoted:
                    at++;
                    break;
                case (byte)'"':
                    quoted = !quoted;
                    break;
                case (byte)'}' when !quoted:
                    return at;
            }
        }

        return -1;
    }

    private static bool NextLabel(
        ref ReadOnlySpan<byte> rest,
        out ReadOnlySpan<byte> name,
        out ReadOnlySpan<byte> value
    )
    {
        name = value = [];
        var equals = rest.IndexOf((byte)'=');
        if (equals < 0 || equals + 1 >= rest.Length || rest[equals + 1] != '"')
        {
            return false;
        }

        name = rest[..equals].Trim(", \t"u8);
        var from = equals + 2;
        var end = from;
        while (end < rest.Length && rest[end] != '"')
        {
            end += rest[end] == '\\' ? 2 : 1;
        }

        if (end >= rest.Length)
        {
            return false;
        }

        value = rest[from..end];
        rest = rest[(end + 1)..];
        return true;
    }
}
