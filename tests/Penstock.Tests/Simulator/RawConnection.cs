using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Tests.Simulator;

/// <summary>A bare socket, for what no HTTP client would send or show.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly StringBuilder _received = new();
    private readonly byte[] _skipped = new byte[4096];

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(
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
            bytes = bytes[await _socket.SendAsync(bytes, TestContext.Current.CancellationToken)..];
        }
    }

    /// <summary>Reads until that text has come, and returns all that came so far (one character a byte).</summary>
    public async Task<string> ReadUntilAsync(string text)
    {
        while (!_received.ToString().Contains(text, StringComparison.Ordinal))
        {
            await ReadMoreAsync();
        }

        return _received.ToString();
    }

    /// <summary>Reads until those bytes end what has come, and keeps nothing.</summary>
    public async Task SkipUntilAsync(ReadOnlyMemory<byte> end)
    {
        int count;
        do
        {
            count = await _socket.ReceiveAsync(_skipped, TestContext.Current.CancellationToken);
            Assert.True(count > 0, "the connection ended");
        } while (!_skipped.AsSpan(0, count).EndsWith(end.Span));
    }

    /// <summary>Reads whatever comes next.</summary>
    public async Task ReadMoreAsync()
    {
        var buffer = new byte[4096];
        var count = await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken);
        Assert.True(count > 0, $"the connection ended after: {_received}");
        _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
    }

    /// <summary>Reads to the end of the connection.</summary>
    /// <exception cref="SocketException">It was reset.</exception>
    public async Task<string> ReadToEndAsync()
    {
        var buffer = new byte[4096];
        while (await _socket.ReceiveAsync(buffer, TestContext.Current.CancellationToken) is var count and > 0)
        {
            _received.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }

        return _received.ToString();
    }

    /// <summary>The same where a reset is an end like any other.</summary>
    public async Task<string> ReadToTheLastAsync()
    {
        try
        {
            return await ReadToEndAsync();
        }
        catch (SocketException)
        {
            return _received.ToString();
        }
    }

    public void Forget() => _received.Clear();

    public void CloseSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
