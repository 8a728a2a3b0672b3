using System.Net;
using System.Net.Sockets;
using System.Text;
using Penstock.Benchmarks.Gateways;

namespace Penstock.Benchmarks.Load;

/// <summary>One caller: sends a request, reads its answer, notes when what came.</summary>
internal sealed class LoadConnection(Uri server, byte[] body, bool stream) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    /// <summary>The end of a chunked body may be split between two reads.</summary>
    private const int TailBytes = 16;

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
    };
    private readonly byte[] _buffer = new byte[BufferBytes];
    private readonly byte[] _request =
    [
        .. Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {server.Authority}\r\nContent-Type: application/json\r\n"
                + $"Authorization: Bearer {BenchFiles.Key}\r\nContent-Length: {body.Length}\r\n\r\n"
        ),
        .. body,
    ];

    public LoadCounts Counts { get; } = new();

    public async Task ConnectAsync() => await _socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, server.Port));

    /// <param name="due">When the request should have gone out; waiting for it counts.</param>
    /// <param name="events">Return after so many events.</param>
    public async Task AskAsync(long due, int events = int.MaxValue)
    {
        for (ReadOnlyMemory<byte> rest = _request; rest.Length > 0; )
        {
            rest = rest[await _socket.SendAsync(rest)..];
        }

        var before = Counts.Events;
        var answer = new AnswerProgress(stream);
        var last = due;
        while (!answer.IsWhole && Counts.Events - before < events)
        {
            var read = await _socket.ReceiveAsync(_buffer.AsMemory(TailBytes));
            if (read == 0)
            {
                Counts.Failures++;
                throw new IOException("The connection was closed within an answer.");
            }

            var found = answer.Take(_buffer.AsSpan(0, TailBytes + read), TailBytes);
            _buffer.AsSpan(read, TailBytes).CopyTo(_buffer);
            if (found > 0)
            {
                var now = TimeProvider.System.GetTimestamp();
                (Counts.Events == before ? Counts.FirstEvents : Counts.Gaps).Add(Microseconds(last, now));
                Counts.Events += found;
                last = now;
            }
        }
        Counts.Failures += answer.IsGood ? 0 : 1;
        Counts.Latencies.Add(Microseconds(due, TimeProvider.System.GetTimestamp()));
    }

    public void Dispose() => _socket.Dispose();

    private static float Microseconds(long from, long to) =>
        (float)TimeProvider.System.GetElapsedTime(from, to).TotalMicroseconds;
}
