using System.Buffers.Binary;

namespace Penstock.Routing.Explaining;

/// <summary>Reads what a <see cref="TraceWriter"/> has written.</summary>
internal ref struct TraceReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public long Number()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = _rest[0];
            _rest = _rest[1..];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return (long)value;
            }
        }
    }

    public float Fraction()
    {
        var value = BinaryPrimitives.ReadSingleLittleEndian(_rest);
        _rest = _rest[sizeof(float)..];
        return value;
    }
}
