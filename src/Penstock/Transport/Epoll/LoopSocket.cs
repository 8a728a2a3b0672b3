using System.Buffers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Penstock.Primitives.Frames;

namespace Penstock.Transport.Epoll;

/// <summary>
/// A connected socket on an event loop. One reader and one writer at a time, on whatever thread; what waits goes on
/// on the loop's. A lease: <see cref="Dispose"/> when neither reader nor writer is left.
/// </summary>
internal sealed class LoopSocket : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Signal _readable = new();
    private readonly Signal _writable = new();
    private readonly EventLoop _loop;
    private bool _drained = true;
    private volatile bool _over;
    private volatile bool _aborted;
    private bool _closed;

    /// <param name="descriptor">Non-blocking; from now on this object's.</param>
    public LoopSocket(EventLoop loop, int descriptor) => (_loop, Descriptor) = (loop, descriptor);

    public int Descriptor { get; }

    /// <summary>What the kernel calls it.</summary>
    public ulong Token { get; set; }

    public EventLoop Loop => _loop;

    /// <summary>Told when the peer leaves; null: nobody asks.</summary>
    public IPeerWatch? Watch { get; set; }

    /// <summary>The peer will send no more, or the connection is broken.</summary>
    public bool IsOver => _over;

    /// <summary>From now on there are events. Whoever waits already goes on on the loop's thread.</summary>
    public void Open()
    {
        lock (_gate)
        {
            // A stop may have been quicker: the number may be another connection's by now.
            if (!_closed)
            {
                _loop.Add(this);
            }
        }
    }

    /// <summary>Asked of a connection that nobody uses: the peer has not closed it, and has sent nothing.</summary>
    public bool IsQuiet()
    {
        if (_over || _aborted)
        {
            return false;
        }

        // An event that came behind the bytes it told of is no news: only a read can tell.
        Span<byte> one = stackalloc byte[1];
        try
        {
            return TryReceive(one) < 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>Called by the loop.</summary>
    /// <param name="over">The peer will send no more, or the connection is broken.</param>
    public void BecomeReady(bool readable, bool writable, bool over)
    {
        if (over && !_over)
        {
            _over = true;
            Watch?.PeerLeft();
        }

        // What waits goes on inside: the socket may be closed when the first has been told, which the second bears.
        if (readable || over)
        {
            _readable.Raise();
        }

        if (writable || over)
        {
            _writable.Raise();
        }
    }

    /// <summary>Waits until there is something to read, holding no buffer meanwhile.</summary>
    public ValueTask WaitReadableAsync()
    {
        if (!_drained)
        {
            return ValueTask.CompletedTask;
        }

        _drained = false;
        return WaitForNewsAsync();
    }

    /// <summary>The same for whoever waits at once.</summary>
    public SignalWait WaitReadable()
    {
        if (!_drained)
        {
            return default;
        }

        _drained = false;
        return new SignalWait(_readable);
    }

    /// <summary>Waits for the next event that tells of something to read, whatever is there already.</summary>
    public ValueTask WaitForNewsAsync() => _readable.WaitAsync();

    /// <summary>Lets a waiting reader look around, here and now.</summary>
    public void Nudge() => _readable.Raise();

    public ValueTask WaitWritableAsync() => _writable.WaitAsync();

    /// <returns>Bytes read, 0 at the end, −1 when there is nothing yet.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // Inside somebody's try block the call would take a stub.
    public unsafe int TryReceive(Span<byte> buffer)
    {
        if (_drained && !_readable.TryTake())
        {
            return -1;
        }

        nint read;
        do
        {
            fixed (byte* bytes = buffer)
            {
                read = Libc.Receive(Descriptor, bytes, (nuint)buffer.Length, 0);
            }
        } while (read == -Libc.Interrupted);

        if (read < 0 && read != -Libc.WouldBlock)
        {
            throw SocketErrors.Of((int)-read);
        }

        // Less than there was room for: it was all. The next byte will be an event of its own; the end may have been
        // told already, though, and would not be told again.
        _drained = read < buffer.Length && !_over;
        return (int)Math.Max(read, -1);
    }

    /// <summary>Sends all of it.</summary>
    public ValueTask SendAsync(in ReadOnlySequence<byte> bytes)
    {
        var sent = TrySend(bytes);
        return sent == bytes.Length ? ValueTask.CompletedTask : SendRestAsync(bytes.Slice(sent));
    }

    /// <summary>What became of the connection that was begun, once it is writable; 0: it stands.</summary>
    public unsafe int ConnectError()
    {
        int error = 0;
        int length = sizeof(int);
        return Libc.GetOption(Descriptor, Libc.SocketLevel, Libc.Error, &error, &length) != 0 ? Libc.Errno
            : error != 0 ? error
            : _aborted ? Libc.ConnectionAborted
            : 0;
    }

    /// <summary>Says goodbye: what was sent is delivered, and whoever still reads sees the end.</summary>
    public void Shutdown() => Guarded(static descriptor => _ = Libc.Shutdown(descriptor, Libc.ShutBoth));

    /// <summary>
    /// Breaks the connection off, from any thread: reader and writer fail now, and the peer is told by a reset.
    /// </summary>
    public void Abort()
    {
        _aborted = _over = true;
        Guarded(static descriptor =>
        {
            LingerNot(descriptor);
            _ = Libc.Shutdown(descriptor, Libc.ShutRead);
        });
        // Elsewhere: whoever aborts may hold a lock, and has no wish to do what follows himself.
        _readable.Raise(elsewhere: true);
        _writable.Raise(elsewhere: true);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            _loop.Remove(this);
            _ = Libc.Close(Descriptor);
        }
    }

    /// <returns>Bytes that the kernel took, 0 when it is full.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)] // Inside somebody's try block the call would take a stub.
    public unsafe int TrySend(ReadOnlySpan<byte> bytes)
    {
        nint sent;
        do
        {
            fixed (byte* first = bytes)
            {
                sent = Libc.Send(Descriptor, first, (nuint)bytes.Length, Libc.NoSignal);
            }
        } while (sent == -Libc.Interrupted);
        return Sent(sent);
    }

    /// <summary>What a send that was not interrupted says: bytes that the kernel took, 0 when it is full.</summary>
    public static int Sent(nint result) =>
        result >= 0 ? (int)result
        : result == -Libc.WouldBlock ? 0
        : throw SocketErrors.Of((int)-result);

    [AsyncMethodBuilder(typeof(VoidFrameMethodBuilder))]
    private async ValueTask SendRestAsync(ReadOnlySequence<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            await WaitWritableAsync();
            if (_aborted)
            {
                throw SocketErrors.Of(Libc.ConnectionAborted);
            }

            rest = rest.Slice(TrySend(rest));
        }
    }

    private int TrySend(in ReadOnlySequence<byte> bytes) =>
        bytes.IsSingleSegment ? TrySend(bytes.FirstSpan) : GatheredSend.Try(Descriptor, bytes);

    /// <summary>Closing sends a reset and drops what has not been delivered.</summary>
    private static unsafe void LingerNot(int descriptor)
    {
        var onForNoTime = stackalloc int[2] { 1, 0 };
        _ = Libc.SetOption(descriptor, Libc.SocketLevel, Libc.Linger, onForNoTime, 2 * sizeof(int));
    }

    /// <summary>A number that has been closed may be another connection's by now.</summary>
    private void Guarded(Action<int> act)
    {
        lock (_gate)
        {
            if (!_closed)
            {
                act(Descriptor);
            }
        }
    }
}
