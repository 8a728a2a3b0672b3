namespace Penstock.Simulator.Http;

/// <summary>Writes answer heads as uvicorn does, in its order and spelling.</summary>
/// <param name="time">Dates them.</param>
/// <param name="server">What the server calls itself; null where it does not.</param>
internal sealed class HeadWriter(TimeProvider time, string? server)
{
    private readonly byte[] _server = server is null
        ? []
        : System.Text.Encoding.ASCII.GetBytes($"server: {server}\r\n");

    private static readonly Dictionary<int, string> Phrases = new()
    {
        [200] = "OK",
        [204] = "No Content",
        [400] = "Bad Request",
        [401] = "Unauthorized",
        [403] = "Forbidden",
        [404] = "Not Found",
        [405] = "Method Not Allowed",
        [408] = "Request Timeout",
        [409] = "Conflict",
        [413] = "Request Entity Too Large",
        [415] = "Unsupported Media Type",
        [424] = "Failed Dependency",
        [422] = "Unprocessable Entity",
        [429] = "Too Many Requests",
        [431] = "Request Header Fields Too Large",
        [500] = "Internal Server Error",
        [501] = "Not Implemented",
        [502] = "Bad Gateway",
        [503] = "Service Unavailable",
        [504] = "Gateway Timeout",
        [524] = "A Timeout Occurred",
    };

    private DateLine _date = new(0, []);

    public static string Phrase(int status) => Phrases.GetValueOrDefault(status, "Error");

    /// <param name="output">Where to.</param>
    /// <param name="status">The status code.</param>
    /// <param name="contentType">Empty for an answer without a body.</param>
    /// <param name="framing">The header that frames the body, with its CR LF; empty when the close does.</param>
    /// <param name="keepAlive">False says so to the client.</param>
    /// <param name="more">Further headers.</param>
    public void Write(
        ByteBuffer output,
        int status,
        string contentType,
        string framing,
        bool keepAlive,
        IReadOnlyList<HttpHeader> more
    )
    {
        output.Add("HTTP/1.1 "u8).Add(status).Add((byte)' ').Add(Phrase(status)).Add("\r\n"u8);
        output.Add(Date()).Add(_server).Add(framing);
        if (contentType.Length > 0)
        {
            output.Add("content-type: "u8).Add(contentType).Add("\r\n"u8);
        }

        foreach (var header in more)
        {
            output.Add(header.Name).Add(": "u8).Add(header.Value).Add("\r\n"u8);
        }

        output.Add(keepAlive ? "\r\n"u8 : "connection: close\r\n\r\n"u8);
    }

    private byte[] Date()
    {
        var now = time.GetUtcNow();
        var second = now.ToUnixTimeSeconds();
        var last = _date;
        if (last.Second != second)
        {
            _date = last = new DateLine(second, System.Text.Encoding.ASCII.GetBytes($"date: {now:R}\r\n"));
        }

        return last.Bytes;
    }

    private sealed record DateLine(long Second, byte[] Bytes);
}
