using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Penstock.Primitives;

namespace Penstock.Transport;

/// <summary>A wire over the sockets of .NET, with TLS where a name is given.</summary>
/// <param name="tlsHost">The name the certificate must carry; null: plain text.</param>
internal sealed class SocketWire(string? tlsHost) : Wire
{
    /// <summary>Holds any usual response head and some fifty chunks of a stream that ran ahead.</summary>
    private const int BufferBytes = 8 * 1024;

    private readonly WakeableRead _read = new();
    private byte[]? _buffer;
    private int _start;
    private int _end;
    private bool _reading;
    private Socket? _socket;
    private SslStream? _tls;
    private volatile bool _aborted;

    public override bool IsQuiet => !_reading && _start == _end;

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

    public override int TryReceive(Span<byte> buffer)
    {
        if (_start == _end && !TryCollect())
        {
            return -1;
        }

        var taken = Math.Min(buffer.Length, _end - _start);
        _buffer.AsSpan(_start, taken).CopyTo(buffer);
        _start += taken;
        if (_start == _end)
        {
            ReturnBuffer();
        }

        return taken;
    }

    /// <summary>These sockets have to be given memory before there is anything to read into it.</summary>
    public override ValueTask WaitAsync()
    {
        if (_start < _end)
        {
            return ValueTask.CompletedTask;
        }

        if (!_reading)
        {
            _reading = true;
            _buffer ??= ArrayPool<byte>.Shared.Rent(BufferBytes);
            _read.Start(BeginReceive(_buffer));
        }

        return _read.WaitAsync();
    }

    public override void Wake() => _read.Wake();

    public override void Abort()
    {
        _aborted = true;
        _socket?.Dispose();
    }

    public override void Dispose()
    {
        _socket?.Dispose();
        _tls?.Dispose();
        // A read that is still pending writes into the buffer for a moment longer: then the pool must not have it.
        if (!_reading)
        {
            ReturnBuffer();
        }
    }

    /// <summary>A socket that has been broken off says so when the read is collected, as any other failure.</summary>
    private ValueTask<int> BeginReceive(Memory<byte> buffer)
    {
        try
        {
            return _tls?.ReadAsync(buffer) ?? _socket!.ReceiveAsync(buffer, SocketFlags.None);
        }
        catch (ObjectDisposedException e)
        {
            return ValueTask.FromException<int>(e);
        }
    }

    /// <returns>Whether a read has finished.</returns>
    private bool TryCollect()
    {
        if (!_reading || !_read.IsFinished)
        {
            return false;
        }

        _reading = false;
        (_start, _end) = (0, _read.Collect());
        return true;
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        (_buffer, _start, _end) = (null, 0, 0);
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
