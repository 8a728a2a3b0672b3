using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Penstock.Primitives.Frames;

namespace Penstock.Envelopes;

/// <summary>A request's whole body in one piece: its reader's own, or copied into a rented array. A lease.</summary>
internal struct RequestBody : IDisposable
{
    /// <summary>
    /// A declared length is believed up to here; beyond it the array grows with what really arrives, so that a claim
    /// alone takes no memory.
    /// </summary>
    private const int TrustedBytes = 256 * 1024;

    private const int SmallestBytes = 4 * 1024;

    /// <summary>
    /// What is not copied counts as unread as long as the request lasts: on an HTTP/2 connection a hundred streams share
    /// a window of a megabyte.
    /// </summary>
    private const int LongestLoan = 8 * 1024;

    private byte[]? _rented;
    private PipeReader? _lender;
    private SequencePosition _lent;

    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>The body was longer than allowed; what was read of it is not to be used.</summary>
    public bool IsTooLarge { get; private set; }

    /// <param name="declared">The declared length, if any.</param>
    /// <param name="most">Bytes allowed.</param>
    public static ValueTask<RequestBody> ReadAsync(
        PipeReader reader,
        long? declared,
        int most,
        CancellationToken cancellationToken
    )
    {
        var body = new RequestBody { IsTooLarge = declared > most };
        if (body.IsTooLarge)
        {
            return new ValueTask<RequestBody>(body);
        }

        if (!reader.TryRead(out var read))
        {
            return RestAsync(body, reader, declared, most, cancellationToken);
        }

        // Of a usual request it came with the head: all there is, in one piece, which can stay where it is.
        var stays =
            read is { IsCompleted: true, Buffer.IsSingleSegment: true }
            && read.Buffer.Length <= Math.Min(most, LongestLoan);
        if (stays)
        {
            (body.Bytes, body._lender, body._lent) = (read.Buffer.First, reader, read.Buffer.End);
        }

        return stays || body.Take(reader, read, declared, most)
            ? new ValueTask<RequestBody>(body)
            : RestAsync(body, reader, declared, most, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(FrameMethodBuilder<>))]
    private static async ValueTask<RequestBody> RestAsync(
        RequestBody body,
        PipeReader reader,
        long? declared,
        int most,
        CancellationToken cancellationToken
    )
    {
        try
        {
            while (!body.Take(reader, await reader.ReadAsync(cancellationToken), declared, most)) { }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    /// <returns>Whether that was all, or too much.</returns>
    private bool Take(PipeReader reader, in ReadResult read, long? declared, int most)
    {
        Append(read.Buffer, declared ?? 0, most);
        reader.AdvanceTo(read.Buffer.End);
        return read.IsCompleted || IsTooLarge;
    }

    public void Dispose()
    {
        _lender?.AdvanceTo(_lent);
        Return();
        (_lender, Bytes) = (null, default);
    }

    private void Append(in ReadOnlySequence<byte> bytes, long declared, int most)
    {
        if (Bytes.Length + bytes.Length > most)
        {
            IsTooLarge = true;
            return;
        }

        var length = Bytes.Length + (int)bytes.Length;
        Reserve(length, (int)Math.Min(declared, TrustedBytes));
        bytes.CopyTo(_rented.AsSpan(Bytes.Length));
        Bytes = _rented.AsMemory(0, length);
    }

    private void Reserve(int needed, int expected)
    {
        if (_rented is not null && _rented.Length >= needed)
        {
            return;
        }

        var room = _rented is null ? Math.Max(needed, Math.Max(expected, SmallestBytes)) : needed * 2;
        var larger = ArrayPool<byte>.Shared.Rent(room);
        Bytes.CopyTo(larger);
        Return();
        _rented = larger;
    }

    private void Return()
    {
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _rented = null;
    }
}
