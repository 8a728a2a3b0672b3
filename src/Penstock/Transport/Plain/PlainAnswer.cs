using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.Net.Http.Headers;
using Penstock.Primitives.Frames;
using Penstock.Transport.Epoll;

namespace Penstock.Transport.Plain;

/// <summary>
/// The answer to one request: what has been written goes out with each flush in one send, the head with the first of
/// them, framed by its length or in chunks. Holds memory only between a write and its flush.
/// </summary>
internal sealed class PlainAnswer(LoopSocket socket, AnswerHeadWriter heads, PlainPace pace, TimeProvider time)
    : PipeWriter
{
    /// <summary>Before a chunk: its length in eight hexadecimal digits at most, and a line end.</summary>
    private const int ChunkHead = 10;

    /// <summary>Behind a chunk: a line end, and what ends the body if it was the last.</summary>
    private const int ChunkTail = 7;

    private const int SmallestBuffer = 1024;

    /// <summary>Kept free before the first bytes of a body: most heads need less.</summary>
    private const int HeadRoom = 1024;

    private byte[]? _buffer;

    /// <summary>Bytes of the buffer before what has been written: for a chunk's head, and for the answer's.</summary>
    private int _front;
    private int _length;
    private long? _declared;
    private long _sent;
    private volatile bool _isBroken;
    private bool _isEnded;
    private long _sending;
    private long _sendingSince;

    public int Status { get; set; }

    public PlainAnswerHeaders Headers { get; } = [];

    /// <summary>The head is out, or was tried to be sent.</summary>
    public bool HasStarted { get; private set; }

    /// <summary>The connection ends with this answer.</summary>
    public bool Close { get; set; }

    /// <summary>The caller has all of it, as far as the kernel knows.</summary>
    public bool IsWhole => _isEnded && !_isBroken;

    /// <summary>Nothing of it is missing: its end is out, or as many bytes as were promised.</summary>
    public bool IsComplete => _isEnded || (HasStarted && _sent == _declared);

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _length;

    public void Begin(bool close)
    {
        (Status, Close, HasStarted) = (StatusCodes.Status200OK, close, false);
        (_length, _declared, _sent, _isBroken, _isEnded) = (0, null, 0, false, false);
        Headers.Clear();
    }

    public override Memory<byte> GetMemory(int sizeHint = 0)
    {
        var more = Math.Max(sizeHint, 1);
        if (_buffer is null)
        {
            Rent(HasStarted ? 0 : HeadRoom, more);
        }
        else if (_buffer.Length - _front - _length - ChunkTail < more)
        {
            Rent(_front - ChunkHead, _length + more);
        }

        return _buffer.AsMemory(_front + _length, _buffer!.Length - _front - _length - ChunkTail);
    }

    public override Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public override void Advance(int bytes) => _length += bytes;

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        if (_isEnded)
        {
            // Behind the end of an answer stands the next one: what is written here goes nowhere.
            Release();
        }

        return _isEnded || (HasStarted && _length == 0) ? new ValueTask<FlushResult>(Result) : SendAsync(end: false);
    }

    /// <summary>Sends what is left and ends the body. A second call does nothing.</summary>
    public ValueTask<FlushResult> EndAsync()
    {
        if (_isEnded)
        {
            return new ValueTask<FlushResult>(Result);
        }

        _isEnded = true;
        return SendAsync(end: true);
    }

    /// <summary>Breaks the connection off, so that nobody takes what was sent for all there is.</summary>
    public void Abort()
    {
        _isBroken = true;
        socket.Abort();
    }

    public override void CancelPendingFlush() => throw new NotSupportedException("A flush ends with the connection.");

    public override void Complete(Exception? exception = null) => Release();

    /// <summary>Asked now and then: a caller who does not take the answer is not waited for.</summary>
    public bool IsTakenTooSlowly(long now)
    {
        var since = Volatile.Read(ref _sendingSince);
        return since != 0 && pace.IsTooSlowToRead(Volatile.Read(ref _sending), now - since);
    }

    /// <summary>Lets go of what was written and not sent.</summary>
    public void Release()
    {
        Forget(_buffer);
        (_buffer, _length) = (null, 0);
    }

    private FlushResult Result => new(isCanceled: false, isCompleted: _isBroken);

    private ValueTask<FlushResult> SendAsync(bool end)
    {
        if (_isBroken)
        {
            Release();
            return new ValueTask<FlushResult>(Result);
        }

        var (from, to) = HasStarted ? Frame(end) : WithHead(end);
        _sent += _length;
        if (_sent > _declared || (end && _sent < _declared))
        {
            // A byte too few or too many, and the caller would look for the next answer in the wrong place.
            Abort();
            Release();
            return new ValueTask<FlushResult>(Result);
        }

        try
        {
            var sent = from == to ? 0 : socket.TrySend(_buffer.AsSpan(from, to - from));
            if (sent < to - from)
            {
                return SendRestAsync(from + sent, to);
            }
        }
        catch (SocketException)
        {
            _isBroken = true;
        }

        Release();
        return new ValueTask<FlushResult>(Result);
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private async ValueTask<FlushResult> SendRestAsync(int from, int to)
    {
        Volatile.Write(ref _sending, to - from);
        Volatile.Write(ref _sendingSince, time.GetTimestamp());
        try
        {
            await socket.SendAsync(new ReadOnlySequence<byte>(_buffer!, from, to - from));
        }
        catch (SocketException)
        {
            _isBroken = true;
        }

        Volatile.Write(ref _sendingSince, 0);
        Release();
        return Result;
    }

    /// <summary>Puts the head before what has been written.</summary>
    /// <returns>Where the bytes to send begin and end in the buffer.</returns>
    private (int From, int To) WithHead(bool end)
    {
        _declared = Headers.ContentLength ?? (end ? _length : null);
        // Whoever answers sets this header for one reason only: to end the connection.
        var saysClose = Headers.ContainsKey(HeaderNames.Connection);
        Close |= saysClose;
        var room = AnswerHeadWriter.Measure(Headers);
        if (_buffer is null || _front - ChunkHead < room)
        {
            Rent(Math.Max(room, HeadRoom), _length);
        }

        var length = heads.Write(_buffer.AsSpan(0, room), Status, Headers, _declared, Close && !saysClose);
        HasStarted = true;
        var (from, to) = Frame(end);
        _buffer.AsSpan(0, length).CopyTo(_buffer.AsSpan(from - length));
        return (from - length, to);
    }

    /// <summary>Frames what has been written, in its place.</summary>
    private (int From, int To) Frame(bool end)
    {
        if (_declared is not null)
        {
            return (_front, _front + _length);
        }

        if (_buffer is null)
        {
            Rent(head: 0, body: 0);
        }

        var buffer = _buffer.AsSpan();
        var (from, to) = (_front, _front + _length);
        if (_length > 0)
        {
            Span<byte> digits = stackalloc byte[ChunkHead];
            Utf8Formatter.TryFormat(_length, digits, out var count, 'x');
            "\r\n"u8.CopyTo(digits[count..]);
            from -= count + 2;
            digits[..(count + 2)].CopyTo(buffer[from..]);
            "\r\n"u8.CopyTo(buffer[to..]);
            to += 2;
        }

        if (end)
        {
            "0\r\n\r\n"u8.CopyTo(buffer[to..]);
            to += 5;
        }

        return (from, to);
    }

    /// <summary>Takes a buffer for what has been written and more.</summary>
    /// <param name="head">Bytes for the head of the answer.</param>
    private void Rent(int head, int body)
    {
        var front = head + ChunkHead;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(front + body + ChunkTail, SmallestBuffer));
        _buffer.AsSpan(_buffer is null ? 0 : _front, _length).CopyTo(larger.AsSpan(front));
        Forget(_buffer);
        (_buffer, _front) = (larger, front);
    }

    private static void Forget(byte[]? rented)
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
