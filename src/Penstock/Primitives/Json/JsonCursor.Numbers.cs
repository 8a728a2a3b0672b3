namespace Penstock.Primitives.Json;

internal ref partial struct JsonCursor
{
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
}
