using Penstock.Simulator.Engine;
using Penstock.Simulator.Faults;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>Sends the head of a good answer, in the ways in which it may be wrong or slow.</summary>
internal static class AnswerHead
{
    /// <returns>False when the client went away.</returns>
    public static async ValueTask<bool> SendAsync(
        Exchange exchange,
        Directives directives,
        string contentType,
        string framing,
        IReadOnlyList<HttpHeader> headers,
        Generation generation
    )
    {
        Write(exchange, directives, contentType, framing, headers);
        if (directives.SlowHeaders is not { } pause)
        {
            return await exchange.SendOutputAsync();
        }

        // In the middle of a header line, where a reader cannot know whether more comes.
        var head = exchange.Output.Memory;
        var half = head.Length / 2;
        if (
            !await exchange.SendAsync(head[..half])
            || !await generation.PauseAsync(pause)
            || !await exchange.SendAsync(head[half..])
        )
        {
            return false;
        }

        exchange.Output.Clear();
        return true;
    }

    /// <summary>Into the output, to be sent with what follows.</summary>
    public static void Write(
        Exchange exchange,
        Directives directives,
        string contentType,
        string framing,
        IReadOnlyList<HttpHeader> headers
    )
    {
        if (directives.BothLengths)
        {
            framing = "content-length: 10\r\ntransfer-encoding: chunked\r\n";
        }

        exchange.Heads.Write(
            exchange.Output,
            200,
            directives.ContentType ?? contentType,
            framing,
            exchange.KeepAlive,
            directives.Gzip ? [.. headers, new HttpHeader("content-encoding", "gzip")] : headers
        );
    }
}
