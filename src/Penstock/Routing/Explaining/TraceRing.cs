using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Penstock.Routing.Explaining;

/// <summary>
/// The latest traces, one behind the other in a ring of bytes, each pushing out the oldest. Bytes, because tens of
/// thousands of objects that are written again and again cost the collector and the cache more than the traces are
/// worth. Not thread-safe.
/// </summary>
/// <param name="capacity">Bytes; the operating system gives them when they are first written.</param>
internal sealed class TraceRing(int capacity)
{
    /// <summary>What stands before each trace: its length and whose it is.</summary>
    public const int HeadBytes = sizeof(int) + 16;

    /// <summary>Stands for a length where the next one found no room before the end of the ring.</summary>
    private const int GoesOnAtTheBeginning = -1;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Where the oldest begins, and how many bytes from there on are taken, around the end of the ring.</summary>
    private int _oldest;
    private int _taken;
    private int _next;

    /// <summary>A trace that is larger than the whole ring is left out.</summary>
    public void Push(Guid id, ReadOnlySpan<byte> head, ReadOnlySpan<byte> steps)
    {
        var bytes = head.Length + steps.Length;
        var length = HeadBytes + bytes;
        if (length > capacity)
        {
            return;
        }

        var room = capacity - _next;
        if (room < length)
        {
            Take(room);
            if (room >= HeadBytes)
            {
                BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(_next), GoesOnAtTheBeginning);
            }

            _next = 0;
        }

        Take(length);
        var entry = _bytes.AsSpan(_next, length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, bytes);
        MemoryMarshal.Write(entry[sizeof(int)..], in id);
        head.CopyTo(entry[HeadBytes..]);
        steps.CopyTo(entry[(HeadBytes + head.Length)..]);
        _next += length;
    }

    /// <summary>Looks through the oldest first.</summary>
    public ReadOnlySpan<byte> Find(Guid id)
    {
        var at = _oldest;
        for (var left = _taken; left > 0; )
        {
            var size = SizeAt(at, out var length);
            if (length >= 0 && MemoryMarshal.Read<Guid>(_bytes.AsSpan(at + sizeof(int))) == id)
            {
                return _bytes.AsSpan(at + HeadBytes, length);
            }

            left -= size;
            at = After(at, size);
        }

        return [];
    }

    /// <summary>The oldest make room for so many bytes more.</summary>
    private void Take(int bytes)
    {
        while (_taken + bytes > capacity)
        {
            var size = SizeAt(_oldest, out _);
            _taken -= size;
            _oldest = After(_oldest, size);
        }

        _taken += bytes;
    }

    /// <param name="length">Of the trace; negative: there is none up to the end of the ring.</param>
    private int SizeAt(int at, out int length)
    {
        var room = capacity - at;
        length = room < HeadBytes ? GoesOnAtTheBeginning : BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(at));
        return length < 0 ? room : HeadBytes + length;
    }

    private int After(int at, int size) => at + size == capacity ? 0 : at + size;
}
