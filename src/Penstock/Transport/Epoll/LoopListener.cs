using System.Net;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Penstock.Transport.Plain;

namespace Penstock.Transport.Epoll;

/// <summary>
/// Takes callers in and hands each to the next loop in turn. One listening socket: with one for each loop a second
/// process could quietly take a share of the port.
/// </summary>
internal sealed class LoopListener : IConnectionListener
{
    /// <summary>No descriptor or memory is left: the callers wait in the kernel's queue meanwhile.</summary>
    private static readonly TimeSpan Exhausted = TimeSpan.FromMilliseconds(50);

    /// <summary>Room for any address: a <c>sockaddr_storage</c>.</summary>
    private const int AddressBytes = 128;

    private readonly Socket _socket;
    private readonly LoopSocket _watched;
    private readonly EventLoops _loops;
    private readonly PipeSettings _pipes;
    private readonly PlainConnections _plain;
    private readonly TimeProvider _time;
    private readonly Channel<LoopConnection> _accepted = Channel.CreateUnbounded<LoopConnection>();
    private readonly Task _accepting;
    private volatile bool _unbound;

    /// <param name="plain">Sees every connection first.</param>
    public LoopListener(
        IPEndPoint endPoint,
        int backlog,
        EventLoops loops,
        PipeSettings pipes,
        PlainConnections plain,
        TimeProvider time
    )
    {
        (_loops, _pipes, _plain, _time) = (loops, pipes, plain, time);
        _socket = Bind(endPoint, backlog);
        EndPoint = _socket.LocalEndPoint!;
        _watched = new LoopSocket(loops.Next, (int)_socket.Handle);
        _watched.Open();
        // What is begun here runs for as long as its caller stays, in nobody's context.
        using (ExecutionContext.SuppressFlow())
        {
            _accepting = AcceptAllAsync();
        }
    }

    public EndPoint EndPoint { get; }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default) =>
        await _accepted.Reader.WaitToReadAsync(cancellationToken) && _accepted.Reader.TryRead(out var connection)
            ? connection
            : null;

    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        if (!_unbound)
        {
            _unbound = true;
            _watched.Abort();
            await _accepting;
            _watched.Loop.Remove(_watched);
            _socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        while (_accepted.Reader.TryRead(out var nobodys))
        {
            await EndAsync(nobodys);
        }
    }

    private static Socket Bind(IPEndPoint endPoint, int backlog)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.Address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Blocking = false;
            // What is accepted here inherits it, and is spared a call of its own.
            socket.NoDelay = true;
            socket.Bind(endPoint);
            socket.Listen(backlog);
            return socket;
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(e.Message, e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAllAsync()
    {
        while (!_unbound)
        {
            switch (Accept())
            {
                case Libc.WouldBlock:
                    await _watched.WaitForNewsAsync();
                    break;
                case 0 or Libc.Interrupted or Libc.ConnectionAborted:
                    break;
                default:
                    await Task.Delay(Exhausted, _time);
                    break;
            }
        }
        _accepted.Writer.TryComplete();
    }

    /// <returns>0, or why there is no further caller.</returns>
    private unsafe int Accept()
    {
        var address = stackalloc byte[AddressBytes];
        var length = AddressBytes;
        var descriptor = Libc.Accept((int)_socket.Handle, address, &length, Libc.NonBlocking | Libc.CloseOnExec);
        if (descriptor < 0)
        {
            return Libc.Errno;
        }

        try
        {
            Begin(new LoopSocket(_loops.Next, descriptor), Read(new ReadOnlySpan<byte>(address, length)));
            return 0;
        }
        catch (SocketException)
        {
            _ = Libc.Close(descriptor);
            return Libc.Errno;
        }
    }

    private void Begin(LoopSocket socket, EndPoint remote)
    {
        if (!_plain.TryServe(socket, ahead => HandOver(socket, remote, ahead)))
        {
            HandOver(socket, remote, []);
        }

        try
        {
            // Last: whoever waits by now goes on on the socket's own loop.
            socket.Open();
        }
        catch (SocketException)
        {
            socket.Abort();
        }
    }

    /// <summary>Gives a connection to Kestrel.</summary>
    private void HandOver(LoopSocket socket, EndPoint remote, ReadOnlySpan<byte> ahead)
    {
        var connection = new LoopConnection(socket, _pipes, LocalOf(socket.Descriptor), remote);
        connection.Start(ahead);
        if (!_accepted.Writer.TryWrite(connection))
        {
            _ = EndAsync(connection);
        }
    }

    private static async Task EndAsync(LoopConnection nobodys)
    {
        nobodys.Abort(new ConnectionAbortedException("The server has stopped."));
        await nobodys.DisposeAsync();
    }

    /// <summary>A listener on every address does not say on which of them a caller came.</summary>
    private unsafe EndPoint LocalOf(int descriptor)
    {
        if (
            EndPoint is not IPEndPoint { Address: var bound }
            || !(bound.Equals(IPAddress.Any) || bound.Equals(IPAddress.IPv6Any))
        )
        {
            return EndPoint;
        }

        var address = stackalloc byte[AddressBytes];
        var length = AddressBytes;
        return Libc.SocketName(descriptor, address, &length) == 0
            ? Read(new ReadOnlySpan<byte>(address, length))
            : EndPoint;
    }

    private EndPoint Read(ReadOnlySpan<byte> address)
    {
        var native = new SocketAddress(_socket.AddressFamily, address.Length);
        address.CopyTo(native.Buffer.Span);
        return EndPoint.Create(native);
    }
}
