using System.Buffers;
using Penstock.Primitives.Json;

namespace Penstock.Relaying;

/// <summary>
/// What the plain chunks of one stream have in common: the bytes before and behind their text. A chunk of the same
/// shape is known to be JSON, and where its text stands, by two comparisons and one look at the text. A lease.
/// </summary>
internal struct ChunkShape : IDisposable
{
    private byte[]? _rented;
    private int _before;
    private int _behind;

    /// <param name="chunk">A chunk that is plain (<see cref="ChunkFacts.IsPlain"/>).</param>
    /// <param name="content">Its text, between its quotes.</param>
    public void Learn(ReadOnlySpan<byte> chunk, Range content)
    {
        var (start, length) = content.GetOffsetAndLength(chunk.Length);
        var behind = chunk[(start + length)..];
        if (_rented is null || _rented.Length < start + behind.Length)
        {
            Dispose();
            _rented = ArrayPool<byte>.Shared.Rent(start + behind.Length);
        }

        chunk[..start].CopyTo(_rented);
        behind.CopyTo(_rented.AsSpan(start));
        (_before, _behind) = (start, behind.Length);
    }

    /// <param name="content">The text, between its quotes.</param>
    public readonly bool TryMatch(ReadOnlySpan<byte> chunk, out ReadOnlySpan<byte> content)
    {
        content = default;
        var length = chunk.Length - _before - _behind;
        if (
            _behind == 0
            || length < 0
            || !chunk.StartsWith(_rented.AsSpan(0, _before))
            || !chunk.EndsWith(_rented.AsSpan(_before, _behind))
        )
        {
            return false;
        }

        content = chunk.Slice(_before, length);
        var text = new JsonCursor(chunk[(_before - 1)..]);
        return text.ReadString(out var read) && read.Length == length;
    }

    public void Dispose()
    {
        if (_rented is { } rented)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        (_rented, _before, _behind) = (null, 0, 0);
    }
}
