using System.Buffers.Binary;
using System.Text;

namespace Penstock.Metering;

/// <summary>Writes the values of one frame, little-endian. A null is one byte.</summary>
internal ref struct FrameWriter(Span<byte> bytes)
{
    private readonly Span<byte> _bytes = bytes;

    public int Length { get; private set; }

    public void Byte(byte value) => _bytes[Length++] = value;

    public void Flag(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes[Length..], value);
        Length += sizeof(long);
    }

    public void Number(long? value)
    {
        Flag(value.HasValue);
        if (value is { } number)
        {
            Number(number);
        }
    }

    public void Id(Guid value)
    {
        value.TryWriteBytes(_bytes[Length..], bigEndian: true, out var written);
        Length += written;
    }

    public void Id(Guid? value)
    {
        Flag(value.HasValue);
        if (value is { } id)
        {
            Id(id);
        }
    }

    /// <summary>At most <see cref="UsageFrame.LongestText"/> bytes; a longer text is cut, at a character.</summary>
    public void Text(string? value)
    {
        if (value is null)
        {
            Short(ushort.MaxValue);
            return;
        }

        Encoding
            .UTF8.GetEncoder()
            .Convert(
                value,
                _bytes.Slice(Length + sizeof(ushort), UsageFrame.LongestText),
                flush: true,
                out _,
                out var written,
                out _
            );
        Short((ushort)written);
        Length += written;
    }

    private void Short(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes[Length..], value);
        Length += sizeof(ushort);
    }
}
