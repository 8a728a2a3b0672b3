using System.Buffers;
using Penstock.Envelopes;
using Penstock.Primitives;
using Penstock.Transport;

namespace Penstock.Forwarding;

/// <summary>
/// One HTTP/1.1 connection to a replica: writes a request, reads the head, takes the framing off the body. One call
/// at a time; <see cref="Abort"/> may come from any thread.
/// </summary>
internal sealed class UpstreamConnection(UpstreamTarget target, Wire wire, int longestHead, Heartbeat heartbeat)
    : IBeating,
        IDisposable
{
    /// <summary>Holds any usual response head and some fifty chunks of a stream that ran ahead.</summary>
    private const int ReadBufferBytes = 8 * 1024;

    private byte[]? _buffer;
    private int _start;
    private int _end;
    private BodyFraming _framing;
    private ResponseHead _head;
    private UpstreamCall? _call;

    /// <summary>Carried an answer before: it may have been closed under us while it was idle.</summary>
    public bool IsReused { get; private set; }

    /// <summary>When it became idle, as a timestamp of the time provider.</summary>
    public long IdleSince { get; private set; }

    public ref readonly ResponseHead Head => ref _head;

    /// <summary>The payload that <see cref="TakePayload"/> found; valid until the next read.</summary>
    public ReadOnlyMemory<byte> Payload { get; private set; }

    /// <summary>Bytes of this answer have been seen.</summary>
    public bool HasBytes { get; private set; }

    /// <summary>It has carried an answer before and brought nothing of this one: it may have been closed while idle.</summary>
    public bool IsUnheard => IsReused && !HasBytes;

    /// <summary>The call that it carries, which hears each beat of it; null: it is idle.</summary>
    public UpstreamCall? Call
    {
        get => Volatile.Read(ref _call);
        set => Volatile.Write(ref _call, value);
    }

    public ValueTask ConnectAsync()
    {
        heartbeat.Add(this);
        return wire.ConnectAsync(target.EndPoint);
    }

    int IBeating.Place { get; set; } = -1;

    void IBeating.Beat(long now) => Call?.Beat(now);

    /// <summary>The event loop it lives on, −1 when there is none.</summary>
    public int Loop => wire.Loop;

    /// <summary>Idle, it has brought neither bytes nor its end; asked where that costs nothing.</summary>
    public bool IsQuiet => wire.IsQuiet;

    public ValueTask SendAsync(UpstreamRequest request)
    {
        (HasBytes, _start, _end) = (false, 0, 0);
        var body = request.Body;
        if (request.LongestHead(target) + body.Length > ThreadRoom.Length)
        {
            return SendPartsAsync(request);
        }

        // Head and body copied together: one send, and cheaper than a gathered one.
        var room = ThreadRoom.Bytes;
        var length = request.WriteHead(target, room);
        body.CopyTo(room[length..]);
        length += body.Length;
        var sent = wire.TrySend(room[..length]);
        return sent == length ? default : SendRestAsync(room[sent..length]);
    }

    private ValueTask SendPartsAsync(UpstreamRequest request)
    {
        var head = ArrayPool<byte>.Shared.Rent(request.LongestHead(target));
        var length = request.WriteHead(target, head);
        return SendAsync(RequestParts.Join(head.AsMemory(0, length), request.Body), head);
    }

    private ValueTask SendRestAsync(ReadOnlySpan<byte> rest)
    {
        var copy = ArrayPool<byte>.Shared.Rent(rest.Length);
        rest.CopyTo(copy);
        return SendAsync(new ReadOnlySequence<byte>(copy, 0, rest.Length), copy);
    }

    private async ValueTask SendAsync(ReadOnlySequence<byte> bytes, byte[] rented)
    {
        try
        {
            await wire.SendAsync(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Looks for a whole response head in what has been read; informational heads are passed over.</summary>
    public HeadStep TakeHead()
    {
        while (true)
        {
            var bytes = _buffer.AsSpan(_start, _end - _start);
            var length = bytes.IndexOf("\r\n\r\n"u8);
            if (length < 0)
            {
                return bytes.Length >= longestHead ? HeadStep.Broken : HeadStep.More;
            }

            if (length + 4 > longestHead || !ResponseHeadParser.TryParse(bytes[..(length + 2)], out _head))
            {
                return HeadStep.Broken;
            }

            _start += length + 4;
            if (_head.Status == 101)
            {
                return HeadStep.Broken; // nobody asked for an upgrade
            }

            if (_head.Status < 200)
            {
                continue;
            }

            _framing = BodyFraming.Of(_head);
            return HeadStep.Whole;
        }
    }

    /// <summary>Takes the framing off whatever has been read.</summary>
    public BodyStep TakePayload()
    {
        var step = _framing.Take(_buffer.AsSpan(_start, _end - _start), out var payload, out var consumed);
        Payload = _buffer.AsMemory(_start, payload);
        _start += consumed;
        return step;
    }

    /// <summary>Waits until there may be bytes, or somebody wakes the reader.</summary>
    public ValueTask WaitAsync() => wire.WaitAsync();

    /// <summary>Reads what is there. Memory is held only as long as bytes of it have not been taken.</summary>
    /// <returns>Bytes read, 0 at the end of the connection, −1 when there is nothing yet.</returns>
    public int TryReceive()
    {
        MakeRoom();
        var read = wire.TryReceive(_buffer.AsSpan(_end));
        _end += Math.Max(read, 0);
        HasBytes |= read > 0;
        if (_start == _end)
        {
            ReturnBuffer();
        }

        return read;
    }

    /// <summary>The body's end has been seen.</summary>
    public bool IsWhole => _framing.IsEnd;

    /// <summary>There is something of the body to be taken, or nothing more to be waited for.</summary>
    public bool HasPayload => _end > _start || IsWhole;

    /// <summary>The engine ends this body by closing the connection, and has just done so.</summary>
    public bool EndsByClosing => _framing.EndsByClosing;

    public void Wake() => wire.Wake();

    /// <summary>Can carry another request: the answer is whole, nothing came after it, and the engine keeps it open.</summary>
    public bool IsReusable => _head.KeepAlive && _framing.IsEnd && _start == _end && wire.IsQuiet;

    public void BecomeIdle(long now)
    {
        (IdleSince, IsReused) = (now, true);
        ReturnBuffer();
    }

    /// <summary>Closes at once; a pending operation fails.</summary>
    public void Abort() => wire.Abort();

    /// <summary>To be called by the reader only, when no read is pending or after <see cref="Abort"/>.</summary>
    public void Dispose()
    {
        heartbeat.Remove(this);
        wire.Dispose();
        ReturnBuffer();
    }

    private void MakeRoom()
    {
        _buffer ??= ArrayPool<byte>.Shared.Rent(ReadBufferBytes);
        if (_start == _end)
        {
            _start = _end = 0;
        }

        if (_end < _buffer.Length)
        {
            return;
        }

        var larger = _start > 0 ? _buffer : ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(_start, _end - _start).CopyTo(larger);
        if (!ReferenceEquals(larger, _buffer))
        {
            ArrayPool<byte>.Shared.Return(_buffer);
        }

        (_buffer, _start, _end) = (larger, 0, _end - _start);
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        _buffer = null;
        Payload = default;
        (_start, _end) = (0, 0);
    }
}
