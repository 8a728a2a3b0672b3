using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Penstock.EndToEndTests.Harness;

/// <summary>One request at the fake engine, and the bare socket to answer it with: bytes go out exactly as given.</summary>
internal sealed class EngineExchange(RecordedRequest request, Socket socket)
{
    public RecordedRequest Request { get; } = request;

    /// <summary>One write to the socket.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var sent = await socket.SendAsync(bytes, SocketFlags.None);
            bytes = bytes[sent..];
        }
    }

    public Task WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

    /// <summary>A whole answer with a length.</summary>
    public Task AnswerAsync(int status, string type, ReadOnlyMemory<byte> body, string moreHeaders = "")
    {
        var head =
            $"HTTP/1.1 {status.ToString(CultureInfo.InvariantCulture)} Any\r\ncontent-type: {type}\r\n"
            + $"content-length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n{moreHeaders}\r\n";
        return WriteAsync((byte[])[.. Encoding.UTF8.GetBytes(head), .. body.Span]);
    }

    public Task AnswerAsync(int status, string body, string type = "application/json", string moreHeaders = "") =>
        AnswerAsync(status, type, Encoding.UTF8.GetBytes(body), moreHeaders);

    /// <summary>The head of a chunked stream of events; <see cref="ChunkAsync(string)"/> and <see cref="EndAsync"/> follow.</summary>
    public Task StartStreamAsync() =>
        WriteAsync(
            "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n"
        );

    public Task ChunkAsync(string text) => ChunkAsync(Encoding.UTF8.GetBytes(text));

    public Task ChunkAsync(ReadOnlyMemory<byte> bytes)
    {
        var size = bytes.Length.ToString("x", CultureInfo.InvariantCulture);
        return WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(size + "\r\n"), .. bytes.Span, (byte)'\r', (byte)'\n']);
    }

    public Task EndAsync() => WriteAsync("0\r\n\r\n");

    /// <summary>Closes as an engine that dies does: with a reset, what is unsent is lost.</summary>
    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    /// <summary>Closes in order, whatever was promised.</summary>
    public void Close()
    {
        socket.Shutdown(SocketShutdown.Both);
        socket.Dispose();
    }

    /// <summary>Ends when the gateway has closed its side.</summary>
    public async Task GatewayLeftAsync()
    {
        var one = new byte[1];
        try
        {
            while (await socket.ReceiveAsync(one.AsMemory()) > 0) { }
        }
        catch (SocketException)
        {
            // A reset is a way of leaving too.
        }
    }
}
