using System.Runtime.CompilerServices;

namespace Penstock.Envelopes;

/// <summary>
/// A caller's body with a few changes in it, never copied together: its length is known and its pieces, the caller's
/// own bytes and the changes between them, go out in one gathered send. Borrows the body's memory.
/// </summary>
internal sealed class SplicedBody
{
    // Model, two switches of stream_options, three defaults, the cache's salt, the additions at the end, salt and
    // priority behind them: ten, and two to spare. What an engine's own rules add beyond that goes into an array.
    private const int Room = 12;

    /// <summary>All noted fields and a few rules at once.</summary>
    private const int RoomForRules = 40;

    private Splices _splices;
    private Splice[]? _many;
    private int _count;

    public SplicedBody(ReadOnlyMemory<byte> body) => Begin(body);

    /// <summary>Bytes of the outgoing body: its Content-Length.</summary>
    public int Length { get; private set; }

    /// <summary>The pieces in order, none of them empty. Enumerating allocates nothing.</summary>
    public SplicedSegments GetEnumerator() => new(this);

    public int SpliceCount => _count;

    public ReadOnlyMemory<byte> Body { get; private set; }

    public Splice this[int index] => _many is null ? _splices[index] : _many[index];

    /// <summary>Forgets all changes and begins with another body.</summary>
    public void Begin(ReadOnlyMemory<byte> body)
    {
        if (_count > 0)
        {
            (_splices, _many, _count) = (default, null, 0);
        }

        (Body, Length) = (body, body.Length);
    }

    public void Replace(FieldSpot spot, ReadOnlyMemory<byte> added) => Add(new Splice(spot.Start, spot.Length, added));

    /// <summary>Leaves out the bytes from one offset up to another.</summary>
    public void Remove(int start, int end) => Add(new Splice(start, end - start, default));

    public void Insert(int offset, ReadOnlyMemory<byte> added) => Add(new Splice(offset, 0, added));

    // Changes come in any order but never overlap.
    private void Add(Splice splice)
    {
        if (_count == Room && _many is null)
        {
            _many = new Splice[RoomForRules];
            ((ReadOnlySpan<Splice>)_splices).CopyTo(_many);
        }

        Span<Splice> splices = _many is null ? _splices : _many;
        var at = _count;
        while (at > 0 && splices[at - 1].Start > splice.Start)
        {
            splices[at] = splices[at - 1];
            at--;
        }

        splices[at] = splice;
        _count++;
        Length += splice.Added.Length - splice.Removed;
    }

    public void CopyTo(Span<byte> destination)
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
