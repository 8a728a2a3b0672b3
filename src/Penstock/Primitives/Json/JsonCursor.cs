using System.Runtime.CompilerServices;

namespace Penstock.Primitives.Json;

/// <summary>
/// One forward pass over a JSON text: the caller steps into the objects it knows and skips the rest, and every byte
/// passed is held to the strict grammar of RFC 8259. After the first fault every step fails. Allocates nothing.
/// </summary>
internal ref partial struct JsonCursor(ReadOnlySpan<byte> json)
{
    /// <summary>jiter, the JSON parser of pydantic, stops here; no real request comes near.</summary>
    public const int MaxDepth = 200;

    private readonly ReadOnlySpan<byte> _json = json;
    private int _position;
    private int _depth;
    private bool _atFirst;

    public readonly ReadOnlySpan<byte> Json => _json;

    /// <summary>Offset of the next byte to be read.</summary>
    public readonly int Position => _position;

    public JsonFault Fault { get; private set; }

    /// <summary>Offset of the byte that broke the grammar.</summary>
    public int FaultOffset { get; private set; }

    public readonly bool Failed => Fault != JsonFault.None;

    /// <summary>Passes over white space and tells what comes next; consumes nothing of it.</summary>
    public JsonKind Peek()
    {
        SkipWhiteSpace();
        if (_position >= _json.Length)
        {
            return JsonKind.None;
        }

        return _json[_position] switch
        {
            (byte)'"' => JsonKind.String,
            (byte)'{' => JsonKind.Object,
            (byte)'[' => JsonKind.Array,
            (byte)'t' or (byte)'f' => JsonKind.Boolean,
            (byte)'n' => JsonKind.Null,
            (byte)'-' or (>= (byte)'0' and <= (byte)'9') => JsonKind.Number,
            _ => JsonKind.None,
        };
    }

    /// <summary>Steps into the object that <see cref="Peek"/> announced.</summary>
    public bool EnterObject() => Enter((byte)'{');

    /// <summary>Steps into the array that <see cref="Peek"/> announced.</summary>
    public bool EnterArray() => Enter((byte)'[');

    /// <summary>
    /// Reads the next member's name and its colon; false at the closing brace (consumed) or on a fault.
    /// </summary>
    public bool NextName(out JsonText name)
    {
        name = default;
        if (!NextItem((byte)'}'))
        {
            return false;
        }

        SkipWhiteSpace();
        return ReadString(out name) && Expect((byte)':');
    }

    /// <summary>Stands before the next element; false at the closing bracket (consumed) or on a fault.</summary>
    public bool NextElement() => NextItem((byte)']');

    public bool ReadBoolean(out bool value)
    {
        value = _position < _json.Length && _json[_position] == 't';
        return value ? Literal("true"u8) : Literal("false"u8);
    }

    public bool ReadNull() => Literal("null"u8);

    /// <summary>Nothing but white space may follow the root value.</summary>
    public bool ReadEnd()
    {
        SkipWhiteSpace();
        return !Failed && (_position == _json.Length || Fail(JsonFault.TrailingBytes, _position));
    }

    /// <summary>Fails at the next byte: no value begins there.</summary>
    public bool FailHere() =>
        Fail(_position < _json.Length ? JsonFault.UnexpectedByte : JsonFault.EndsTooEarly, _position);

    private bool Enter(byte open)
    {
        if (!Expect(open))
        {
            return false;
        }

        if (++_depth > MaxDepth)
        {
            return Fail(JsonFault.NestedTooDeep, _position - 1);
        }

        _atFirst = true;
        return true;
    }

    private bool NextItem(byte close)
    {
        SkipWhiteSpace();
        if (Failed || _position >= _json.Length)
        {
            return Fail(JsonFault.EndsTooEarly, _json.Length);
        }

        var next = _json[_position];
        if (next == close)
        {
            _position++;
            _depth--;
            _atFirst = false;
            return false;
        }

        if (_atFirst)
        {
            _atFirst = false;
            return true;
        }

        if (next != ',')
        {
            return Fail(JsonFault.UnexpectedByte, _position);
        }

        _position++;
        return true;
    }

    private bool Expect(byte expected)
    {
        SkipWhiteSpace();
        if (_position >= _json.Length || _json[_position] != expected)
        {
            return FailHere();
        }

        _position++;
        return true;
    }

    private bool Literal(ReadOnlySpan<byte> literal)
    {
        var rest = _json[_position..];
        if (rest.StartsWith(literal))
        {
            _position += literal.Length;
            return true;
        }

        var agreed = rest.CommonPrefixLength(literal);
        return Fail(agreed == rest.Length ? JsonFault.EndsTooEarly : JsonFault.UnexpectedByte, _position + agreed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SkipWhiteSpace()
    {
        // Compact bodies, the common case, leave at the first comparison.
        while (_position < _json.Length && _json[_position] <= ' ')
        {
            if (_json[_position] is not ((byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t'))
            {
                return;
            }

            _position++;
        }
    }

    private bool Fail(JsonFault fault, int offset)
    {
        if (!Failed)
        {
            Fault = fault;
            FaultOffset = offset;

            // Standing at the end, no later step can succeed.
            _position = _json.Length;
        }

        return false;
    }
}
