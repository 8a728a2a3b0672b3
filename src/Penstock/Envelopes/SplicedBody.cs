using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Envelopes;

/// <summary>
/// A caller's body with a few changes in it, never copied together: its length is known and its pieces, the caller's
/// own bytes and the changes between them, go out in one gathered send. Borrows the body's memory.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct SplicedBody(ReadOnlyMemory<byte> body)
{
    // Model, two switches of stream_options, three defaults, the cache's salt, the additions at the end, salt and
    // priority behind them: ten, and some to spare.
    private const int Room = 12;

    private readonly ReadOnlyMemory<byte> _body = body;
    private Splices _splices;
    private int _count;

    /// <summary>Bytes of the outgoing body: its Content-Length.</summary>
    public int Length { get; private set; } = body.Length;

    /// <summary>The pieces in order, none of them empty. Enumerating allocates nothing.</summary>
    public readonly SplicedSegments GetEnumerator() => new(this);

    public readonly int SpliceCount => _count;

    public readonly ReadOnlyMemory<byte> Body => _body;

    public readonly Splice this[int index] => _splices[index];

    public void Replace(FieldSpot spot, ReadOnlyMemory<byte> added) => Add(new Splice(spot.Start, spot.Length, added));

    public void Insert(int offset, ReadOnlyMemory<byte> added) => Add(new Splice(offset, 0, added));

    // Changes come in any order but never overlap.
    private void Add(Splice splice)
    {
        var at = _count;
        while (at > 0 && _splices[at - 1].Start > splice.Start)
        {
            _splices[at] = _splices[at - 1];
            at--;
        }

        _splices[at] = splice;
        _count++;
        Length += splice.Added.Length - splice.Removed;
    }

    public readonly void CopyTo(Span<byte> destination)
    {
        foreach (var segment in this)
        {
            segment.Span.CopyTo(destination);
            destination = destination[segment.Length..];
        }
    }

    [InlineArray(Room)]
    private struct Splices
    {
        private Splice _first;
    }
}
