using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.Simulator;

/// <summary>A bare socket, for what no HTTP client would send or show.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly StringBuilder received = new();

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection.socket.ConnectAsync(
            new IPEndPoint(IPAddress.Loopback, port),
            TestContext.Current.CancellationToken
        );
        return connection;
    }

    public static string Request(string body, string headers = "") =>
        $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n{headers}\r\n{body}";

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>Reads until that text has come, and returns all that came so far (one character a byte).</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        var buffer = new byte[4096];
        while (!received.ToString().Contains(text, StringComparison.Ordinal))
        {
            var count = await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
            Assert.True(count > 0, $"the connection ended after: {received}");
            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return received.ToString();
    }

    /// <summary>Reads to the end of the connection.</summary>
    /// <exception cref="SocketException">It was reset.</exception>
    public async Task<string> ReadToEndAsync()
    {
        var buffer = new byte[4096];
        while (await socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
        {
            received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return received.ToString();
    }

    public void Forget() => received.Clear();

    public void CloseSending() => socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Dispose();
    }

    public void Dispose() => socket.Dispose();
}
