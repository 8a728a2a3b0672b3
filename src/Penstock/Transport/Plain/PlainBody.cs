using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Penstock.Primitives;
using Penstock.Transport.Epoll;

namespace Penstock.Transport.Plain;

/// <summary>
/// The body of one request: what came with its head, then what is still in the socket, as far as its length says.
/// Holds memory only while there are bytes that nobody has taken.
/// </summary>
internal sealed class PlainBody(LoopSocket socket, PlainPace pace, TimeProvider time) : PipeReader
{
    /// <summary>One read of a long prompt takes what the kernel usually has.</summary>
    private const int LargestRead = 64 * 1024;

    private const long Nobody = 0;
    private const long TooLate = -1;

    /// <summary>What this body has rented itself.</summary>
    private PooledBytes _own;

    /// <summary>What is there, from the beginning of its array on.</summary>
    private ReadOnlyMemory<byte> _here;
    private int _taken;
    private int _seen;
    private long _left;
    private long _read;

    /// <summary>Timestamps that were spent waiting: those of whoever reads are not the caller's.</summary>
    private long _waited;

    /// <summary>Since when somebody waits for more.</summary>
    private long _waitsSince;

    /// <summary>Bytes of the body that are still to come from the socket.</summary>
    public long Left => _left;

    /// <summary>The caller has been given up.</summary>
    public bool IsLate { get; private set; }

    /// <param name="length">Bytes of the whole body.</param>
    /// <param name="ahead">What came with the head, copied before the call returns.</param>
    public void Begin(long length, ReadOnlySpan<byte> ahead)
    {
        _own.Append(ahead);
        Begin(length, _own.Memory, 0);
    }

    /// <param name="length">Bytes of the whole body.</param>
    /// <param name="ahead">What came with the head; stays until the request has ended.</param>
    /// <param name="from">Where the body begins in it.</param>
    public void Begin(long length, ReadOnlyMemory<byte> ahead, int from)
    {
        (_here, _taken, _seen, _waited, IsLate) = (ahead, from, from, 0, false);
        _read = ahead.Length - from;
        _left = length - _read;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        _seen == _here.Length && _left > 0 ? ReadMoreAsync() : new ValueTask<ReadResult>(Here());

    public override bool TryRead(out ReadResult result)
    {
        result = Here();
        return _seen < _here.Length || _left == 0;
    }

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        // Places in the array, which is held from its beginning.
        (_taken, _seen) = (consumed.GetInteger(), examined.GetInteger());
        if (_taken == _here.Length)
        {
            Forget();
        }
    }

    public override void CancelPendingRead() => throw new NotSupportedException("A read ends with the connection.");

    public override void Complete(Exception? exception = null) => Forget();

    /// <summary>Reads what nobody asked for, so that the next request can be found behind it.</summary>
    public ValueTask DrainAsync()
    {
        Forget();
        return _left == 0 ? ValueTask.CompletedTask : DrainRestAsync();
    }

    /// <summary>Called now and then: a body that comes too slowly is not waited for.</summary>
    /// <returns>Whether it has just been given up.</returns>
    public bool Beat(long now)
    {
        var since = Volatile.Read(ref _waitsSince);
        return since > Nobody
            && pace.IsTooSlow(_read, _waited + now - since)
            && Interlocked.CompareExchange(ref _waitsSince, TooLate, since) == since;
    }

    private ReadResult Here() =>
        new(new ReadOnlySequence<byte>(_here[_taken..]), isCanceled: false, isCompleted: _left == 0);

    private void Forget()
    {
        _own.Dispose();
        (_here, _taken, _seen) = (default, 0, 0);
    }

    private async ValueTask<ReadResult> ReadMoreAsync()
    {
        await FillAsync();
        return Here();
    }

    private async ValueTask DrainRestAsync()
    {
        while (_left > 0)
        {
            await FillAsync();
            Forget();
        }
    }

    private async ValueTask FillAsync()
    {
        while (!TryFill())
        {
            Volatile.Write(ref _waitsSince, time.GetTimestamp());
            await socket.WaitReadableAsync();
            var since = Interlocked.Exchange(ref _waitsSince, Nobody);
            if (since == TooLate)
            {
                IsLate = true;
                throw new BadHttpRequestException("The body came too slowly.", StatusCodes.Status408RequestTimeout);
            }

            _waited += time.GetTimestamp() - since;
        }
    }

    private bool TryFill()
    {
        var room = ArrayPool<byte>.Shared.Rent((int)Math.Min(_left, LargestRead));
        try
        {
            var read = socket.TryReceive(room.AsSpan(0, (int)Math.Min(_left, room.Length)));
            if (read == 0)
            {
                throw new ConnectionResetException("The caller left before the end of the body.");
            }

            if (read < 0)
            {
                return false;
            }

            Append(room.AsSpan(0, read));
            (_left, _read) = (_left - read, _read + read);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        if (_own.Length == 0)
        {
            // What is there is the head's, or nothing.
            _own.Append(_here.Span[_taken..]);
            (_taken, _seen) = (0, _seen - _taken);
        }

        _own.Append(bytes);
        _here = _own.Memory;
    }
}
