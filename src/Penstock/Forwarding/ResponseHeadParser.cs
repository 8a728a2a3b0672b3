using System.Buffers.Text;
using System.Text;
using Penstock.Primitives;

namespace Penstock.Forwarding;

/// <summary>
/// Parses an HTTP/1.x response head strictly: whatever two readers could understand in two ways is refused (obsolete
/// folding, bare LF, both lengths, differing lengths, unknown transfer codings, odd names).
/// </summary>
internal static class ResponseHeadParser
{
    /// <summary>No length has more, and no number of so many digits overflows.</summary>
    private const int MostDigits = 18;

    /// <param name="head">From the status line up to and including the CRLF of the last header, no blank line.</param>
    /// <returns>False when the head is not HTTP as it should be.</returns>
    public static bool TryParse(ReadOnlySpan<byte> head, out ResponseHead parsed)
    {
        parsed = new ResponseHead { ContentLength = -1, RetryAfterSeconds = -1 };
        if (!TryTakeLine(ref head, out var statusLine) || !TryParseStatus(statusLine, ref parsed))
        {
            return false;
        }

        while (head.Length > 0)
        {
            if (!TryTakeHeader(ref head, ref parsed))
            {
                return false;
            }
        }
        return !(parsed.Chunked && parsed.ContentLength >= 0);
    }

    /// <summary>Up to the next line end. A NUL, a CR or an LF that is none is nothing that a line may hold.</summary>
    private static bool TryTakeLine(ref ReadOnlySpan<byte> head, out ReadOnlySpan<byte> line)
    {
        var end = head.IndexOfAny((byte)'\0', (byte)'\r', (byte)'\n');
        if (end < 0 || end + 1 == head.Length || head[end] != '\r' || head[end + 1] != '\n')
        {
            line = default;
            return false;
        }

        line = head[..end];
        head = head[(end + 2)..];
        return true;
    }

    private static bool TryParseStatus(ReadOnlySpan<byte> line, ref ResponseHead parsed)
    {
        // HTTP/1.1 200 OK
        if (line.Length < 12 || !line.StartsWith("HTTP/1."u8) || line[7] is not ((byte)'0' or (byte)'1'))
        {
            return false;
        }

        if (line[8] != ' ' || (line.Length > 12 && line[12] != ' '))
        {
            return false;
        }

        parsed.KeepAlive = line[7] == '1';
        return TryReadNumber(line.Slice(9, 3), out var status) && (parsed.Status = (int)status) is >= 100 and <= 599;
    }

    private static bool TryTakeHeader(ref ReadOnlySpan<byte> head, ref ResponseHead parsed)
    {
        var colon = HeaderName.LengthAt(head);
        if (colon == 0 || colon == head.Length || head[colon] != ':')
        {
            return false;
        }

        var name = head[..colon];
        head = head[(colon + 1)..];
        return TryTakeLine(ref head, out var value) && ReadHeader(name, Trim(value), ref parsed);
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value)
    {
        while (value.Length > 0 && value[0] is (byte)' ' or (byte)'\t')
        {
            value = value[1..];
        }

        while (value.Length > 0 && value[^1] is (byte)' ' or (byte)'\t')
        {
            value = value[..^1];
        }

        return value;
    }

    private static bool ReadHeader(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        return name.Length switch
        {
            10 when HeaderName.Is(name, "connection"u8) => ReadConnection(value, ref parsed),
            11 when HeaderName.Is(name, "retry-after"u8) => ReadRetryAfter(value, ref parsed),
            12 when HeaderName.Is(name, "content-type"u8) => ReadContentType(value, ref parsed),
            14 when HeaderName.Is(name, "content-length"u8) => ReadContentLength(value, ref parsed),
            16 when HeaderName.Is(name, "content-encoding"u8) => ReadContentEncoding(value, ref parsed),
            17 when HeaderName.Is(name, "transfer-encoding"u8) => ReadTransferEncoding(value, ref parsed),
            _ => true,
        };
    }

    private static bool ReadConnection(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        if (Ascii.EqualsIgnoreCase(value, "close"u8))
        {
            parsed.KeepAlive = false;
        }
        else if (Ascii.EqualsIgnoreCase(value, "keep-alive"u8))
        {
            parsed.KeepAlive = true;
        }

        return true;
    }

    private static bool ReadRetryAfter(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        if (Utf8Parser.TryParse(value, out int seconds, out var used) && used == value.Length && seconds >= 0)
        {
            parsed.RetryAfterSeconds = seconds;
        }

        return true;
    }

    private static bool ReadContentType(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        var semicolon = value.IndexOf((byte)';');
        var media = semicolon < 0 ? value : Trim(value[..semicolon]);
        if (Ascii.EqualsIgnoreCase(media, "application/json"u8))
        {
            parsed.MediaType = MediaType.Json;
        }
        else if (Ascii.EqualsIgnoreCase(media, "text/event-stream"u8))
        {
            parsed.MediaType = MediaType.EventStream;
        }
        else
        {
            (parsed.MediaType, parsed.ContentType) = (MediaType.Other, Encoding.Latin1.GetString(value));
        }

        return true;
    }

    private static bool ReadContentLength(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        if (value.Length > MostDigits || !TryReadNumber(value, out var length))
        {
            return false;
        }

        if (parsed.ContentLength >= 0 && parsed.ContentLength != length)
        {
            return false;
        }

        parsed.ContentLength = length;
        return true;
    }

    /// <summary>Digits and nothing else, <see cref="MostDigits"/> at most.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> digits, out long number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            var value = (uint)digit - '0';
            if (value > 9)
            {
                return false;
            }

            number = (number * 10) + value;
        }

        return digits.Length > 0;
    }

    private static bool ReadContentEncoding(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        parsed.Encoded = value.Length > 0 && !Ascii.EqualsIgnoreCase(value, "identity"u8);
        return true;
    }

    private static bool ReadTransferEncoding(ReadOnlySpan<byte> value, ref ResponseHead parsed)
    {
        // Twice "chunked", or any other coding, is nothing an engine sends and everything a smuggler would.
        if (parsed.Chunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
        {
            return false;
        }

        parsed.Chunked = true;
        return true;
    }
}
