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

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(capacity);

    /// <summary>Counted from the first byte ever written: the place in the ring is the remainder.</summary>
    private long _oldest;
    private long _next;

    /// <summary>A trace that is larger than the whole ring is left out.</summary>
    public void Push(Guid id, ReadOnlySpan<byte> head, ReadOnlySpan<byte> steps)
    {
        var bytes = head.Length + steps.Length;
        var length = HeadBytes + bytes;
        if (length > capacity)
        {
            return;
        }

        SkipTo(Room(_next) < length ? _next + Room(_next) : _next);
        while (_next + length - _oldest > capacity)
        {
            _oldest = After(_oldest);
        }

        var entry = _bytes.AsSpan(Place(_next), length);
        BinaryPrimitives.WriteInt32LittleEndian(entry, bytes);
        MemoryMarshal.Write(entry[sizeof(int)..], in id);
        head.CopyTo(entry[HeadBytes..]);
        steps.CopyTo(entry[(HeadBytes + head.Length)..]);
        _next += length;
    }

    /// <summary>Looks through the oldest first.</summary>
    public ReadOnlySpan<byte> Find(Guid id)
    {
        for (var at = _oldest; at < _next; at = After(at))
        {
            if (Room(at) < HeadBytes)
            {
                continue;
            }

            var entry = _bytes.AsSpan(Place(at));
            var length = BinaryPrimitives.ReadInt32LittleEndian(entry);
            if (length >= 0 && MemoryMarshal.Read<Guid>(entry[sizeof(int)..]) == id)
            {
                return entry.Slice(HeadBytes, length);
            }
        }

        return [];
    }

    /// <summary>The end of the ring has no room for the next one: it is marked, so that reading goes on at the beginning.</summary>
    private void SkipTo(long place)
    {
        if (place == _next)
        {
            return;
        }

        while (place - _oldest > capacity)
        {
            _oldest = After(_oldest);
        }

        if (Room(_next) >= HeadBytes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(Place(_next)), -1);
        }

        _next = place;
    }

    private long After(long at)
    {
        var room = Room(at);
        var length = room < HeadBytes ? -1 : BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(Place(at)));
        return at + (length < 0 ? room : HeadBytes + length);
    }

    private int Place(long at) => (int)(at % capacity);

    /// <summary>Bytes to the end of the ring.</summary>
    private int Room(long at) => capacity - Place(at);
}
