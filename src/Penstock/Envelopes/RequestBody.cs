using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace Penstock.Envelopes;

/// <summary>A request's whole body in one rented array. A lease.</summary>
internal struct RequestBody : IDisposable
{
    /// <summary>
    /// A declared length is believed up to here; beyond it the array grows with what really arrives, so that a claim
    /// alone takes no memory.
    /// </summary>
    private const int TrustedBytes = 256 * 1024;

    private const int SmallestBytes = 4 * 1024;

    private byte[]? _rented;
    private int _length;

    public readonly ReadOnlyMemory<byte> Bytes => _rented.AsMemory(0, _length);

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

        // Of a usual request it came with the head, and there is nothing to wait for.
        return reader.TryRead(out var read) && body.Take(reader, read, declared, most)
            ? new ValueTask<RequestBody>(body)
            : RestAsync(body, reader, declared, most, cancellationToken);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
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
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        _rented = null;
    }

    private void Append(in ReadOnlySequence<byte> bytes, long declared, int most)
    {
        if (_length + bytes.Length > most)
        {
            IsTooLarge = true;
            return;
        }
        Reserve(_length + (int)bytes.Length, (int)Math.Min(declared, TrustedBytes));
        bytes.CopyTo(_rented.AsSpan(_length));
        _length += (int)bytes.Length;
    }

    private void Reserve(int needed, int expected)
    {
        if (_rented is not null && _rented.Length >= needed)
        {
            return;
        }

        var room = _rented is null ? Math.Max(needed, Math.Max(expected, SmallestBytes)) : needed * 2;
        var larger = ArrayPool<byte>.Shared.Rent(room);
        _rented.AsSpan(0, _length).CopyTo(larger);
        Dispose();
        _rented = larger;
    }
}
