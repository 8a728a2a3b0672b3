using System.Text;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Faults;

/// <summary>
/// The answer to <c>status=…</c>, in the forms in which engines and what stands before them word errors.
/// </summary>
internal static class ErrorReply
{
    /// <summary>Refuses in the ordered form, or ends the connection where no answer was ordered.</summary>
    public static async ValueTask SendAsync(Exchange exchange, Directives directives, Dialect dialect)
    {
        if (directives.ResetHead)
        {
            exchange.Reset();
        }
        else if (directives.Close)
        {
            exchange.KeepAlive = false;
        }
        else
        {
            await exchange.ReplyAsync(Of(directives, dialect), withBody: true);
        }
    }

    private static HttpReply Of(Directives directives, Dialect dialect)
    {
        var status = directives.Status ?? 500;
        var message = $"Simulated {HeadWriter.Phrase(status)}";
        var reply = directives.ErrorBody switch
        {
            "flat" => Json(
                status,
                new ByteBuffer(256)
                    .Add("{\"object\":\"error\",\"message\":"u8)
                    .AddQuoted(message)
                    .Add(",\"type\":"u8)
                    .AddQuoted(HeadWriter.Phrase(status))
                    .Add(",\"param\":null,\"code\":"u8)
                    .Add(status)
                    .Add((byte)'}')
            ),
            "string" => Json(status, new ByteBuffer(256).Add("{\"error\":"u8).AddQuoted(message).Add((byte)'}')),
            "text" => new HttpReply(status, "text/plain; charset=utf-8", Encoding.UTF8.GetBytes(message)),
            "html" => new HttpReply(
                status,
                "text/html",
                Encoding.UTF8.GetBytes(
                    $"<html>\r\n<head><title>{status} {HeadWriter.Phrase(status)}</title></head>\r\n<body>\r\n<center><h1>{status} {HeadWriter.Phrase(status)}</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n"
                )
            ),
            // What its edge says to an API client when the origin is too slow, gone or broken.
            "cloudflare" => new HttpReply(
                status,
                "text/plain; charset=UTF-8",
                Encoding.UTF8.GetBytes($"error code: {status}")
            ),
            "empty" => HttpReply.Empty(status),
            _ => dialect.Error(status, message),
        };
        return reply with
        {
            Status = directives.As200 ? 200 : status,
            Headers = [.. reply.Headers, .. Waits(directives)],
        };
    }

    private static IEnumerable<HttpHeader> Waits(Directives directives)
    {
        if (directives.RetryAfter is { } after)
        {
            yield return new HttpHeader("retry-after", after);
        }

        if (directives.RetryAfterMs is { } milliseconds)
        {
            yield return new HttpHeader("retry-after-ms", $"{milliseconds}");
        }
    }

    private static HttpReply Json(int status, ByteBuffer body) => new(status, HttpReply.Json, body.ToArray());
}
