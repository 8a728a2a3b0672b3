using System.Runtime.InteropServices;

namespace Penstock.Envelopes;

/// <summary>Walks the pieces of a <see cref="SplicedBody"/>.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct SplicedSegments(SplicedBody body)
{
    private int _position;
    private int _next;
    private bool _added;

    public ReadOnlyMemory<byte> Current { get; private set; }

    public bool MoveNext()
    {
        // Before each change stand the caller's bytes up to it, then what it adds; after the last, the rest.
        do
        {
            if (_next == body.SpliceCount)
            {
                Current = body.Body[_position..];
                _position = body.Body.Length;
                return !Current.IsEmpty;
            }

            var splice = body[_next];
            if (_added)
            {
                Current = splice.Added;
                _next++;
            }
            else
            {
                Current = body.Body[_position..splice.Start];
                _position = splice.Start + splice.Removed;
            }

            _added = !_added;
        } while (Current.IsEmpty);

        return true;
    }
}
