using System.Buffers.Binary;

namespace Penstock.Routing.Explaining;

/// <summary>Writes numbers of any size in as few bytes as they need.</summary>
internal ref struct TraceWriter(Span<byte> buffer)
{
    /// <summary>Of one number.</summary>
    public const int MostBytes = 10;

    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    /// <summary>Seven bits a byte, the lowest first; the eighth says that there is more.</summary>
    public void Number(long value)
    {
        var rest = (ulong)value;
        while (rest >= 0x80)
        {
            _buffer[Length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        _buffer[Length++] = (byte)rest;
    }

    public void Fraction(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer[Length..], value);
        Length += sizeof(float);
    }
}
