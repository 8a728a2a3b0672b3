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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public static async ValueTask<RequestBody> ReadAsync(
        PipeReader reader,
        long? declared,
        int most,
        CancellationToken cancellationToken
    )
    {
        var body = new RequestBody { IsTooLarge = declared > most };
        try
        {
            while (!body.IsTooLarge)
            {
                var read = await reader.ReadAsync(cancellationToken);
                body.Append(read.Buffer, declared ?? 0, most);
                reader.AdvanceTo(read.Buffer.End);
                if (read.IsCompleted)
                {
                    break;
                }
            }
            return body;
        }
        catch
        {
            body.Dispose();
            throw;
        }
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
