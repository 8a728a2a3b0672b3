namespace Penstock.Forwarding;

/// <summary>
/// Takes chunked framing off in place, across any splitting into reads. Strict: sizes of at most 15 hex digits,
/// CRLF only, extensions and trailers bounded.
/// </summary>
internal struct ChunkedDecoder
{
    /// <summary>Extensions and trailers together: engines send none.</summary>
    private const int LongestFraming = 4096;

    private State _state;
    private long _left;
    private int _digits;
    private int _framing;
    private bool _lineEmpty;

    /// <summary>The last chunk and its trailers have been read.</summary>
    public readonly bool IsEnd => _state == State.End;

    /// <summary>
    /// Moves the payload found in <paramref name="bytes"/> to its front.
    /// </summary>
    /// <param name="bytes">Framed bytes; overwritten.</param>
    /// <param name="payload">Length of the payload, now at the front.</param>
    /// <param name="consumed">Bytes of the framing that were used; less than all only at the end.</param>
    /// <returns>False when the framing is broken.</returns>
    public bool TryDecode(Span<byte> bytes, out int payload, out int consumed)
    {
        payload = 0;
        consumed = 0;
        while (consumed < bytes.Length && _state != State.End)
        {
            if (_state == State.Data)
            {
                var take = (int)Math.Min(_left, bytes.Length - consumed);
                if (payload != consumed)
                {
                    bytes.Slice(consumed, take).CopyTo(bytes[payload..]);
                }

                payload += take;
                consumed += take;
                _left -= take;
                if (_left == 0)
                {
                    _state = State.DataCr;
                }
            }
            else if (!TryStep(bytes[consumed++]))
            {
                return false;
            }
        }
        return true;
    }

    private bool TryStep(byte b)
    {
        switch (_state)
        {
            case State.Size:
                return TrySize(b);
            case State.Extension:
                if (b == '\r')
                {
                    _state = State.SizeLf;
                }

                return b != '\n' && ++_framing <= LongestFraming;
            case State.SizeLf:
                (_state, _lineEmpty) = (_left > 0 ? State.Data : State.Trailer, true);
                _digits = 0;
                return b == '\n';
            case State.DataCr:
                _state = State.DataLf;
                return b == '\r';
            case State.DataLf:
                _state = State.Size;
                return b == '\n';
            case State.Trailer:
                if (b == '\r')
                {
                    _state = State.TrailerLf;
                }
                else
                {
                    _lineEmpty = false;
                }

                return b != '\n' && ++_framing <= LongestFraming;
            default:
                (_state, _lineEmpty) = (_lineEmpty ? State.End : State.Trailer, true);
                return b == '\n';
        }
    }

    private bool TrySize(byte b)
    {
        var digit = HexDigit(b);
        if (digit >= 0)
        {
            _left = _digits == 0 ? digit : (_left << 4) + digit;
            return ++_digits <= 15;
        }
        _state = b == '\r' ? State.SizeLf : State.Extension;
        return _digits > 0 && b is (byte)'\r' or (byte)';';
    }

    private static int HexDigit(byte b) =>
        b switch
        {
            >= (byte)'0' and <= (byte)'9' => b - '0',
            >= (byte)'a' and <= (byte)'f' => b - 'a' + 10,
            >= (byte)'A' and <= (byte)'F' => b - 'A' + 10,
            _ => -1,
        };

    private enum State : byte
    {
        Size,
        Extension,
        SizeLf,
        Data,
        DataCr,
        DataLf,
        Trailer,
        TrailerLf,
        End,
    }
}
