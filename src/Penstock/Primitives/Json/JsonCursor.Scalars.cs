using System.Buffers;

namespace Penstock.Primitives.Json;

internal ref partial struct JsonCursor
{
    // All that can end a run of plain characters inside a string: found by vector search, 32 bytes at a time.
    private static readonly SearchValues<byte> EndsOfRun = SearchValues.Create([
        .. Enumerable.Range(0, ' ').Select(static control => (byte)control),
        (byte)'"',
        (byte)'\\',
    ]);

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    public bool ReadString(out JsonText text)
    {
        text = default;
        if (!Expect((byte)'"'))
        {
            return false;
        }

        var start = _position;
        var escaped = false;
        while (true)
        {
            var run = _json[_position..].IndexOfAny(EndsOfRun);
            if (run < 0)
            {
                return Fail(JsonFault.EndsTooEarly, _json.Length);
            }

            _position += run;
            var end = _json[_position];
            if (end == '"')
            {
                text = new JsonText(start, _position - start, escaped);
                _position++;
                return true;
            }

            escaped = true;
            if (end != '\\')
            {
                return Fail(JsonFault.ControlCharacterInString, _position);
            }

            if (!PassEscape())
            {
                return false;
            }
        }
    }

    /// <summary>A number as it is spelled; <paramref name="isInteger"/>: no fraction and no exponent.</summary>
    public bool ReadNumber(out ReadOnlySpan<byte> number, out bool isInteger)
    {
        number = default;
        var start = _position;
        Pass((byte)'-');
        isInteger = true;
        if (!PassWhole())
        {
            return false;
        }

        if (Pass((byte)'.'))
        {
            isInteger = false;
            if (!PassDigits())
            {
                return false;
            }
        }

        if (Pass((byte)'e') || Pass((byte)'E'))
        {
            isInteger = false;
            _ = Pass((byte)'+') || Pass((byte)'-');
            if (!PassDigits())
            {
                return false;
            }
        }

        number = _json[start.._position];
        return true;
    }

    private bool PassWhole()
    {
        if (!Pass((byte)'0'))
        {
            return PassDigits();
        }

        // A leading zero: some parsers read 010 as eight.
        return _position >= _json.Length
            || !char.IsAsciiDigit((char)_json[_position])
            || Fail(JsonFault.BadNumber, _position);
    }

    private bool PassDigits()
    {
        var digits = _json[_position..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        if (digits < 0)
        {
            digits = _json.Length - _position;
        }

        _position += digits;
        return digits > 0 || Fail(_position < _json.Length ? JsonFault.BadNumber : JsonFault.EndsTooEarly, _position);
    }

    private bool Pass(byte expected)
    {
        if (_position >= _json.Length || _json[_position] != expected)
        {
            return false;
        }

        _position++;
        return true;
    }

    // At a backslash: two bytes, or six for \uXXXX.
    private bool PassEscape()
    {
        var at = _position + 1;
        if (at >= _json.Length)
        {
            return Fail(JsonFault.EndsTooEarly, _json.Length);
        }

        switch (_json[at])
        {
            case (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'b' or (byte)'f' or (byte)'n' or (byte)'r' or (byte)'t':
                _position += 2;
                return true;
            case (byte)'u':
                var digits = _json.Slice(at + 1, Math.Min(4, _json.Length - at - 1));
                var bad = digits.IndexOfAnyExcept(HexDigits);
                if (bad >= 0 || digits.Length < 4)
                {
                    return bad >= 0
                        ? Fail(JsonFault.BadEscape, at + 1 + bad)
                        : Fail(JsonFault.EndsTooEarly, _json.Length);
                }

                _position += 6;
                return true;
            default:
                return Fail(JsonFault.BadEscape, at);
        }
    }
}
