using System.Buffers;

namespace Penstock.Primitives;

/// <summary>Bytes that grow in a rented array. A lease.</summary>
internal struct PooledBytes : IDisposable
{
    private const int SmallestBytes = 1024;

    private byte[]? _rented;

    public int Length { get; private set; }

    public readonly ReadOnlyMemory<byte> Memory => _rented.AsMemory(0, Length);

    public readonly ReadOnlySpan<byte> Span => _rented.AsSpan(0, Length);

    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        var needed = Length + bytes.Length;
        if (_rented is null || _rented.Length < needed)
        {
            // The pool's arrays double from one size to the next.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, SmallestBytes));
            Span.CopyTo(larger);
            var length = Length;
            Dispose();
            (_rented, Length) = (larger, length);
        }

        bytes.CopyTo(_rented.AsSpan(Length));
        Length = needed;
    }

    /// <summary>Lets go of the first bytes.</summary>
    public void Consume(int count)
    {
        Span[count..].CopyTo(_rented);
        Length -= count;
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        (_rented, Length) = (null, 0);
    }
}
