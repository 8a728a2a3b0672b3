using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Relaying;

/// <summary>One change to a chunk: the bytes of a range make way for others.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ChunkEdit(int Start, int Length, ReadOnlyMemory<byte> Replacement);

/// <summary>The few changes to one chunk, in the order of its bytes; they never overlap.</summary>
internal struct ChunkEdits
{
    // Id, created, model, role, the beginning of a text, three numbers of usage or usage itself.
    private const int Room = 8;

    private Edits _edits;

    public int Count { get; private set; }

    public readonly ChunkEdit this[int index] => _edits[index];

    public void Clear() => Count = 0;

    public void Cut(Range range, int length) => Replace(range, length, default);

    /// <param name="length">Of the whole chunk.</param>
    public void Replace(Range range, int length, ReadOnlyMemory<byte> replacement)
    {
        var (start, removed) = range.GetOffsetAndLength(length);
        var at = Count;
        while (at > 0 && _edits[at - 1].Start > start)
        {
            _edits[at] = _edits[at - 1];
            at--;
        }

        _edits[at] = new ChunkEdit(start, removed, replacement);
        Count++;
    }

    /// <summary>Writes an event with its chunk changed.</summary>
    /// <param name="chunk">Where the chunk stands in the event.</param>
    public readonly void Write(IBufferWriter<byte> output, ReadOnlySpan<byte> whole, Range chunk)
    {
        var (offset, _) = chunk.GetOffsetAndLength(whole.Length);
        var at = 0;
        for (var i = 0; i < Count; i++)
        {
            var edit = _edits[i];
            output.Write(whole[at..(offset + edit.Start)]);
            output.Write(edit.Replacement.Span);
            at = offset + edit.Start + edit.Length;
        }
        output.Write(whole[at..]);
    }

    [InlineArray(Room)]
    private struct Edits
    {
        private ChunkEdit _first;
    }
}
