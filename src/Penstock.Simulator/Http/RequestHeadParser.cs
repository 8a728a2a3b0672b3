using System.Buffers;
using System.Globalization;
using System.Text;

namespace Penstock.Simulator.Http;

/// <summary>Reads a request head strictly: what two readers could understand differently is refused.</summary>
internal static class RequestHeadParser
{
    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8
    );

    /// <param name="bytes">The head including its closing empty line; they are kept, not copied.</param>
    public static RequestHead Parse(ReadOnlyMemory<byte> bytes)
    {
        var rest = bytes.Span[..^2];
        var (method, target, isHttp10) = RequestLine(NextLine(ref rest));
        var headers = new List<HttpHeader>(12);
        while (rest.Length > 0)
        {
            headers.Add(Header(NextLine(ref rest)));
        }

        var (length, chunked) = Framing(headers);
        return new RequestHead(method, target, isHttp10, headers, bytes, length, chunked);
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf("\r\n"u8);
        var line = rest[..end];
        rest = rest[(end + 2)..];
        // A lone CR, LF or NUL inside a line is how requests are smuggled past a lenient reader.
        return line.IndexOfAny((byte)'\r', (byte)'\n', (byte)0) < 0 ? line : throw Bad("control character in the head");
    }

    private static (string Method, string Target, bool IsHttp10) RequestLine(ReadOnlySpan<byte> line)
    {
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first <= 0 || last <= first + 1)
        {
            throw Bad("the request line is not METHOD SP target SP version");
        }

        var method = line[..first];
        var target = line[(first + 1)..last];
        var version = line[(last + 1)..];
        if (
            method.ContainsAnyExcept(TokenBytes)
            || target.Contains((byte)' ')
            || target.ContainsAnyInRange((byte)0, (byte)31)
        )
        {
            throw Bad("the request line is not METHOD SP target SP version");
        }

        var isHttp10 = version.SequenceEqual("HTTP/1.0"u8);
        return isHttp10 || version.SequenceEqual("HTTP/1.1"u8)
            ? (Encoding.ASCII.GetString(method), Encoding.Latin1.GetString(target), isHttp10)
            : throw Bad("the version is neither HTTP/1.1 nor HTTP/1.0");
    }

    private static HttpHeader Header(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
        {
            throw Bad("a header line is not name: value");
        }

        var value = line[(colon + 1)..].Trim(" \t"u8);
        return new HttpHeader(Encoding.ASCII.GetString(line[..colon]), Encoding.Latin1.GetString(value));
    }

    private static (long Length, bool Chunked) Framing(List<HttpHeader> headers)
    {
        long? length = null;
        var chunked = false;
        foreach (var header in headers)
        {
            if (header.Name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                var value = Length(header.Value);
                length = length is null || length == value ? value : throw Bad("two different Content-Length headers");
            }
            else if (header.Name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                chunked =
                    !chunked && header.Value.Equals("chunked", StringComparison.OrdinalIgnoreCase)
                        ? true
                        : throw Bad("the only transfer coding understood is chunked, once");
            }
        }

        return chunked && length is not null
            ? throw Bad("both Content-Length and Transfer-Encoding")
            : (length ?? 0, chunked);
    }

    private static long Length(string text) =>
        text.Length > 0 && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw Bad("Content-Length is not a number");

    private static BadRequestException Bad(string message) => new(400, $"Invalid HTTP request received: {message}.");
}
