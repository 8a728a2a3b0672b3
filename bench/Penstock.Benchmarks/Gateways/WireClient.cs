using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Penstock.Benchmarks.Gateways;

/// <summary>A caller on one blocking connection that allocates nothing.</summary>
internal sealed class WireClient : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly byte[] _buffer = new byte[1 << 20];
    private readonly byte[] _request;

    /// <param name="prompt">Characters of the prompt.</param>
    public WireClient(Uri server, int prompt, bool stream)
    {
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        var body = Bodies.Chat(prompt, stream);
        _request =
        [
            .. Encoding.ASCII.GetBytes(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\n"
                    + $"Authorization: Bearer {BenchFiles.Key}\r\nContent-Length: {body.Length}\r\n\r\n"
            ),
            .. body,
        ];
    }

    public void Ask()
    {
        Send();
        if (!RequestOnWire.Read(_socket, _buffer, out _) || !_buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException($"No answer: {Encoding.ASCII.GetString(_buffer, 0, 400)}");
        }
    }

    public void Send() => _socket.Send(_request);

    /// <summary>Reads until the bytes read end like this.</summary>
    public void ReadTo(ReadOnlySpan<byte> end)
    {
        var length = 0;
        do
        {
            var read = _socket.Receive(_buffer.AsSpan(length));
            if (read == 0)
            {
                throw new InvalidOperationException("The connection was closed within an answer.");
            }

            length += read;
        } while (!_buffer.AsSpan(0, length).EndsWith(end));
    }

    public void Dispose() => _socket.Dispose();
}
