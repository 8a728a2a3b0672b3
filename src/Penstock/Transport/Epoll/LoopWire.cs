using System.Buffers;
using System.Net;
using System.Net.Sockets;

namespace Penstock.Transport.Epoll;

/// <summary>A wire on the event loop of the request that opens it, so that both legs meet on one thread.</summary>
internal sealed class LoopWire(EventLoop loop) : Wire
{
    private readonly Lock _gate = new();
    private LoopSocket? _socket;
    private bool _aborted;

    public override bool IsQuiet => _socket!.IsQuiet();

    public override int Loop => loop.Index;

    public override async ValueTask ConnectAsync(EndPoint endPoint)
    {
        if (endPoint is not DnsEndPoint name)
        {
            await ConnectAsync((IPEndPoint)endPoint);
            return;
        }

        var addresses = await Dns.GetHostAddressesAsync(name.Host);
        for (var i = 0; i < addresses.Length; i++)
        {
            try
            {
                await ConnectAsync(new IPEndPoint(addresses[i], name.Port));
                return;
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // A name with several addresses: the next one may answer.
            }
        }
    }

    public override int TrySend(ReadOnlySpan<byte> bytes) => _socket!.TrySend(bytes);

    public override ValueTask SendAsync(ReadOnlySequence<byte> bytes) => _socket!.SendAsync(bytes);

    public override int TryReceive(Span<byte> buffer) => _socket!.TryReceive(buffer);

    public override ValueTask WaitAsync() => _socket!.WaitReadableAsync();

    public override void Wake() => _socket?.Nudge();

    public override void Abort()
    {
        lock (_gate)
        {
            _aborted = true;
            _socket?.Abort();
        }
    }

    public override void Dispose() => _socket?.Dispose();

    private async ValueTask ConnectAsync(IPEndPoint endPoint)
    {
        var socket = Open(endPoint);
        await socket.WaitWritableAsync();
        if (socket.ConnectError() is not 0 and var error)
        {
            throw SocketErrors.Of(error);
        }
    }

    private LoopSocket Open(IPEndPoint endPoint)
    {
        var descriptor = StartConnect(endPoint);
        lock (_gate)
        {
            // The address before this one did not answer.
            _socket?.Dispose();
            _socket = new LoopSocket(loop, descriptor);
            _socket.Open();
            if (_aborted)
            {
                _socket.Abort();
            }

            return _socket;
        }
    }

    /// <summary>Before the loop watches it: a socket that is not yet connecting counts as hung up.</summary>
    private static unsafe int StartConnect(IPEndPoint endPoint)
    {
        const int stream = 1;
        var family = endPoint.AddressFamily == AddressFamily.InterNetworkV6 ? 10 : 2;
        var descriptor = Libc.Socket(family, stream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        if (descriptor < 0)
        {
            throw SocketErrors.Last();
        }

        var one = 1;
        _ = Libc.SetOption(descriptor, Libc.TcpLevel, Libc.NoDelay, &one, sizeof(int));
        var address = endPoint.Serialize();
        fixed (byte* bytes = address.Buffer.Span)
        {
            if (Libc.Connect(descriptor, bytes, address.Size) == 0 || Libc.Errno == Libc.InProgress)
            {
                return descriptor;
            }
        }

        var refused = SocketErrors.Last();
        _ = Libc.Close(descriptor);
        throw refused;
    }
}
