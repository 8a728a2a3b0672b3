using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Routing.Explaining;

/// <summary>
/// Writes the numbers of a trace in fixed widths: a request writes several dozen, and loops over the bits of each cost it
/// more than the bytes they would save. They stay in this process: its own byte order will do.
/// </summary>
/// <param name="room">For the longest of what will be written: it is looked at once.</param>
internal ref struct TraceWriter(Span<byte> room)
{
    /// <summary>Of a span of time.</summary>
    public const int MostSpanBytes = 2 * sizeof(uint);

    /// <summary>Marks a span that takes both words: a half hour and more.</summary>
    public const uint IsLong = 1U << 31;

    private readonly ref byte _start = ref MemoryMarshal.GetReference(room);

    public int Length { get; private set; }

    /// <summary>What every step begins with. Members that are 0 take no room.</summary>
    /// <param name="at">In microseconds.</param>
    public void Step(TraceStepKind kind, ulong at, int route, int replica, int text, int status)
    {
        var has =
            (route == 0 ? TraceMembers.None : TraceMembers.Route)
            | (replica == 0 ? TraceMembers.None : TraceMembers.Replica)
            | (text == 0 ? TraceMembers.None : TraceMembers.Text)
            | (status == 0 ? TraceMembers.None : TraceMembers.Status);
        Byte((byte)((int)kind | (int)has));
        Micros(at);
        Member(route);
        Member(replica);
        Member(text);
        Member(status);
    }

    public void Byte(byte value) => Unsafe.Add(ref _start, Length++) = value;

    /// <summary>A name's number, a status, a count of steps.</summary>
    public void Short(int value)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref _start, Length), (ushort)value);
        Length += sizeof(ushort);
    }

    public void Long(long value)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref _start, Length), value);
        Length += sizeof(long);
    }

    public void Fraction(float value)
    {
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref _start, Length), value);
        Length += sizeof(float);
    }

    /// <summary>A span in microseconds.</summary>
    public void Micros(ulong micros)
    {
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
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref _start, Length), value);
        Length += sizeof(uint);
    }

    private void Member(int value)
    {
        if (value != 0)
        {
            Short(value);
        }
    }
}
