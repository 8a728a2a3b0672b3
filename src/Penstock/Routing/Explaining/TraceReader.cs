using System.Runtime.InteropServices;

namespace Penstock.Routing.Explaining;

/// <summary>Reads what a <see cref="TraceWriter"/> has written.</summary>
internal ref struct TraceReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public byte Byte() => Next(sizeof(byte))[0];

    public int Short() => MemoryMarshal.Read<ushort>(Next(sizeof(ushort)));

    public long Long() => MemoryMarshal.Read<long>(Next(sizeof(long)));

    public float Fraction() => MemoryMarshal.Read<float>(Next(sizeof(float)));

    public TimeSpan Span()
    {
        var micros = (ulong)Word();
        if ((micros & TraceWriter.IsLong) != 0)
        {
            micros = ((micros & ~(ulong)TraceWriter.IsLong) << 32) | Word();
        }

        return new TimeSpan((long)micros * TimeSpan.TicksPerMicrosecond);
    }

    private uint Word() => MemoryMarshal.Read<uint>(Next(sizeof(uint)));

    private ReadOnlySpan<byte> Next(int length)
    {
        var next = _rest[..length];
        _rest = _rest[length..];
        return next;
    }
}
