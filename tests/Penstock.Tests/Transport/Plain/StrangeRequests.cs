using System.Text;
using Penstock.Primitives;

namespace Penstock.Tests.Transport.Plain;

/// <summary>
/// Requests as clients send them, and with whatever is known to make two readers disagree. One character a byte.
/// </summary>
internal static class StrangeRequests
{
    private static readonly string[] Lines =
    [
        "Content-Length: 3",
        "Content-Length: 4",
        "content-length: 4",
        "Content-Length: +4",
        "Content-Length: -4",
        "Content-Length: 04",
        "Content-Length: 0x4",
        "Content-Length: 4 4",
        "Content-Length: 4,4",
        "Content-Length: 4, 5",
        "Content-Length:",
        "Content-Length: 4\t",
        "Content-Length : 4",
        "Content-Length\t: 4",
        " Content-Length: 4",
        "Content-Length: 99999999999999999999",
        "Content_Length: 7",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: identity",
        "Transfer-Encoding:\tchunked",
        "Transfer-Encoding: xchunked",
        "transfer-encoding: Chunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding: gzip, chunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "X: y\r\n\tfolded",
        "X: y\nTransfer-Encoding: chunked",
        "X: y\rTransfer-Encoding: chunked",
        "X: y\0z",
        "X: y\u007f",
        "X: caf\u00e9",
        "X:   spaced   out   ",
        "X:",
        "X:    ",
        "X",
        ": empty",
        "X Y: z",
        "X(: z",
        "X: 1\r\nx: 2",
        "Expect: 100-continue",
        "Expect: everything",
        "Upgrade: websocket",
        "Connection: close",
        "Connection: keep-alive",
        "Connection: Keep-Alive",
        "Connection: close, keep-alive",
        "Connection: upgrade",
        "Connection:",
        "Keep-Alive: timeout=5",
        "Host: other",
        "Host:",
        "Host: a b",
        "Host: a:b",
        "Host: [::1]:80",
        "Host: a:80:80",
        "Host: user@a",
        "Trailer: X",
        "TE: trailers",
        "Cookie: a=b; c=d",
        "Cookie: e=f",
        "Content-Encoding: gzip",
        "X-Content-Length: 9",
        "Authorization: Bearer a-key",
        "Accept: a, b",
    ];

    private static readonly string[] RequestLines =
    [
        "POST /v1/chat/completions HTTP/1.1",
        "post /v1/chat/completions HTTP/1.1",
        "POST  /v1/chat/completions HTTP/1.1",
        "POST /v1/chat/completions  HTTP/1.1",
        "POST\t/v1/chat/completions HTTP/1.1",
        "POST /v1/chat/completions HTTP/1.0",
        "POST /v1/chat/completions HTTP/1.2",
        "POST /v1/chat/completions HTTP/2.0",
        "POST /v1/chat/completions http/1.1",
        "POST /v1/chat/completions",
        "POST /v1/chat/completions HTTP/1.1 ",
        " POST /v1/chat/completions HTTP/1.1",
        "\r\nPOST /v1/chat/completions HTTP/1.1",
        "POST http://x/v1/chat/completions HTTP/1.1",
        "POST //v1/chat/completions HTTP/1.1",
        "POST /v1/chat/completions?a=b HTTP/1.1",
        "POST /v1/chat/completions# HTTP/1.1",
        "POST /v1/chat/%63ompletions HTTP/1.1",
        "POST /v1/x/../chat/completions HTTP/1.1",
        "POST * HTTP/1.1",
        "GET /v1/chat/completions HTTP/1.1",
        "PUT /v1/chat/completions HTTP/1.1",
        "OPTIONS * HTTP/1.1",
    ];

    private static readonly string[] Odds = ["\0", "\t", "\n", "\r", "\r\n", " ", ":", "\u007f", "\u00ff", "0", "A"];

    public static string Usual(string body = "{\"n\": 1}") =>
        $"POST {PlainBench.Path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";

    /// <summary>A few requests one behind the other, some of them strange.</summary>
    public static string Stream(Chance chance)
    {
        var stream = new StringBuilder();
        var count = 1 + chance.Below(3);
        for (var i = 0; i < count; i++)
        {
            stream.Append(chance.Below(3) == 0 ? Usual() : Strange(chance));
        }

        return stream.ToString();
    }

    private static string Strange(Chance chance)
    {
        var body = chance.Below(4) == 0 ? "4\r\nabcd\r\n0\r\n\r\n" : new string('b', chance.Below(40));
        List<string> lines = ["Host: x", "Content-Type: application/json", $"Content-Length: {body.Length}"];
        for (var i = chance.Below(3); i > 0; i--)
        {
            lines.Insert(chance.Below(lines.Count + 1), chance.Of(Lines));
        }

        if (chance.Below(4) == 0)
        {
            lines.RemoveAt(chance.Below(lines.Count));
        }

        var first = chance.Below(4) == 0 ? chance.Of(RequestLines) : RequestLines[0];
        var request = $"{first}\r\n{string.Join("\r\n", lines)}\r\n\r\n{body}";
        return chance.Below(4) == 0 ? Damage(chance, request) : request;
    }

    private static string Damage(Chance chance, string request)
    {
        var at = chance.Below(request.Length);
        return chance.Below(3) switch
        {
            0 => request.Remove(at, 1),
            1 => request.Insert(at, chance.Of(Odds)),
            _ => request.Remove(at, 1).Insert(at, chance.Of(Odds)),
        };
    }
}
