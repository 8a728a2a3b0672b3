using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Penstock.Forwarding;

/// <summary>
/// Parses an HTTP/1.x response head strictly: whatever two readers could understand in two ways is refused (obsolete
/// folding, bare LF, both lengths, differing lengths, unknown transfer codings, odd names).
/// </summary>
internal static class ResponseHeadParser
{
    private static readonly SearchValues<byte> NameBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    private static readonly SearchValues<byte> BareControls = SearchValues.Create("\0\r\n"u8);

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
            if (!TryTakeLine(ref head, out var line) || !TryParseHeader(line, ref parsed))
            {
                return false;
            }
        }
        return !(parsed.Chunked && parsed.ContentLength >= 0);
    }

    private static bool TryTakeLine(ref ReadOnlySpan<byte> head, out ReadOnlySpan<byte> line)
    {
        var end = head.IndexOf("\r\n"u8);
        line = end < 0 ? default : head[..end];
        if (end < 0 || line.ContainsAny(BareControls))
        {
            return false;
        }

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
        return Utf8Parser.TryParse(line.Slice(9, 3), out parsed.Status, out var used)
            && used == 3
            && parsed.Status is >= 100 and <= 599;
    }

    private static bool TryParseHeader(ReadOnlySpan<byte> line, ref ResponseHead parsed)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        var name = line[..colon];
        if (name.ContainsAnyExcept(NameBytes))
        {
            return false;
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        return name.Length switch
        {
            10 when Ascii.EqualsIgnoreCase(name, "connection"u8) => ReadConnection(value, ref parsed),
            11 when Ascii.EqualsIgnoreCase(name, "retry-after"u8) => ReadRetryAfter(value, ref parsed),
            12 when Ascii.EqualsIgnoreCase(name, "content-type"u8) => ReadContentType(value, ref parsed),
            14 when Ascii.EqualsIgnoreCase(name, "content-length"u8) => ReadContentLength(value, ref parsed),
            16 when Ascii.EqualsIgnoreCase(name, "content-encoding"u8) => ReadContentEncoding(value, ref parsed),
            17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8) => ReadTransferEncoding(value, ref parsed),
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
        var media = (semicolon < 0 ? value : value[..semicolon]).Trim(" \t"u8);
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
        if (value.Length is 0 or > 18 || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            return false;
        }

        Utf8Parser.TryParse(value, out long length, out _);
        if (parsed.ContentLength >= 0 && parsed.ContentLength != length)
        {
            return false;
        }

        parsed.ContentLength = length;
        return true;
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
