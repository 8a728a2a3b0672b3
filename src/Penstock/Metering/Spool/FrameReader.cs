using System.Buffers.Binary;
using System.Text;

namespace Penstock.Metering;

/// <summary>Reads back what <see cref="FrameWriter"/> wrote. The checksum was right, so the form is.</summary>
internal ref struct FrameReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _bytes = bytes;

    public byte Byte() => Take(1)[0];

    public bool Flag() => Byte() != 0;

    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public long? NumberOrNull() => Flag() ? Number() : null;

    public Guid Id() => new(Take(16), bigEndian: true);

    public Guid? IdOrNull() => Flag() ? Id() : null;

    public string? Text()
    {
        var length = BinaryPrimitives.ReadUInt16LittleEndian(Take(sizeof(ushort)));
        return length == ushort.MaxValue ? null : Encoding.UTF8.GetString(Take(length));
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        var taken = _bytes[..count];
        _bytes = _bytes[count..];
        return taken;
    }
}
