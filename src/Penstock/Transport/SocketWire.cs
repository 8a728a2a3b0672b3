using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Penstock.Transport;

/// <summary>A wire over the sockets of .NET, with TLS where a name is given.</summary>
/// <param name="tlsHost">The name the certificate must carry; null: plain text.</param>
internal sealed class SocketWire(string? tlsHost) : Wire
{
    private Socket? _socket;
    private SslStream? _tls;
    private volatile bool _aborted;

    public override bool IsQuiet => true;

    public override int Loop => -1;

    public override async ValueTask ConnectAsync(EndPoint endPoint)
    {
        var socket = endPoint is IPEndPoint { AddressFamily: var family }
            ? new Socket(family, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket = socket;
        if (_aborted)
        {
            socket.Dispose();
        }

        await socket.ConnectAsync(endPoint);
        if (tlsHost is null)
        {
            return;
        }

        _tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
        await _tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = tlsHost });
    }

    public override async ValueTask SendAsync(ReadOnlySequence<byte> bytes)
    {
        if (_tls is not null)
        {
            foreach (var part in bytes)
            {
                await _tls.WriteAsync(part);
            }
        }
        else if (bytes.IsSingleSegment)
        {
            for (var rest = bytes.First; rest.Length > 0; )
            {
                rest = rest[await _socket!.SendAsync(rest, SocketFlags.None)..];
            }
        }
        else
        {
            for (var rest = bytes; !rest.IsEmpty; )
            {
                rest = rest.Slice(await _socket!.SendAsync(Parts(rest), SocketFlags.None));
            }
        }
    }

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) =>
        _tls is null ? _socket!.ReceiveAsync(buffer, SocketFlags.None) : _tls.ReadAsync(buffer);

    public override void Abort()
    {
        _aborted = true;
        _socket?.Dispose();
    }

    public override void Dispose()
    {
        _socket?.Dispose();
        _tls?.Dispose();
    }

    private static List<ArraySegment<byte>> Parts(ReadOnlySequence<byte> bytes)
    {
        var parts = new List<ArraySegment<byte>>();
        foreach (var memory in bytes)
        {
            parts.Add(MemoryMarshal.TryGetArray(memory, out var array) ? array : new(memory.ToArray()));
        }

        return parts;
    }
}
