using System.Buffers.Binary;

namespace Penstock.Routing.Explaining;

/// <summary>
/// Writes the numbers of a trace in fixed widths: a request writes several dozen, and loops over the bits of each cost it
/// more than the bytes they would save.
/// </summary>
internal ref struct TraceWriter(Span<byte> buffer)
{
    /// <summary>Of a span of time.</summary>
    public const int MostSpanBytes = 2 * sizeof(uint);

    /// <summary>Marks a span that takes both words: a half hour and more.</summary>
    public const uint IsLong = 1U << 31;

    private readonly Span<byte> _buffer = buffer;

    public int Length { get; private set; }

    public void Byte(byte value) => _buffer[Length++] = value;

    /// <summary>A name's number, a status, a count of steps.</summary>
    public void Short(int value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[Length..], (ushort)value);
        Length += sizeof(ushort);
    }

    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_buffer[Length..], value);
        Length += sizeof(long);
    }

    public void Fraction(float value)
    {
        BinaryPrimitives.WriteSingleLittleEndian(_buffer[Length..], value);
        Length += sizeof(float);
    }

    /// <summary>In microseconds.</summary>
    public void Span(TimeSpan span)
    {
        var micros = (ulong)(span.Ticks / TimeSpan.TicksPerMicrosecond);
        if (micros < IsLong)
        {
            Word((uint)micros);
        }
        else
        {
            Word((uint)(micros >> 32) | IsLong);
            Word((uint)micros);
        }
    }

    private void Word(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer[Length..], value);
        Length += sizeof(uint);
    }
}
