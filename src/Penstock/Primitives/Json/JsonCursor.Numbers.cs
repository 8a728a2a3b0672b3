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

    // Numbers are short: a plain loop beats a vector search.
    private bool PassDigits()
    {
        var bytes = _json;
        var at = _position;
        while (at < bytes.Length && char.IsAsciiDigit((char)bytes[at]))
        {
            at++;
        }

        var any = at > _position;
        _position = at;
        return any || Fail(at < bytes.Length ? JsonFault.BadNumber : JsonFault.EndsTooEarly, at);
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
