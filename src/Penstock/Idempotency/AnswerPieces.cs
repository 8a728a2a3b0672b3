namespace Penstock.Idempotency;

/// <summary>
/// The bytes of an answer in pieces that never move, so that they can be read while there come more. One writes;
/// its owner's lock keeps readers apart from a new piece.
/// </summary>
internal sealed class AnswerPieces
{
    /// <summary>A short answer.</summary>
    private const int SmallestPiece = 2 * 1024;

    /// <summary>Below what the collector keeps on the heap of large objects.</summary>
    private const int LargestPiece = 64 * 1024;

    private readonly List<Piece> _pieces = [];
    private int _shownPieces;

    /// <summary>Bytes of memory.</summary>
    public int Capacity { get; private set; }

    /// <summary>Bytes that readers may see.</summary>
    public int Shown { get; private set; }

    /// <summary>Bytes that are left in the last piece.</summary>
    public Memory<byte> Room => _pieces.Count == 0 ? default : _pieces[^1].Bytes.AsMemory(_pieces[^1].Used);

    /// <summary>What the next piece should have.</summary>
    public int NextSize => Math.Clamp(Capacity, SmallestPiece, LargestPiece);

    public void Add(int size)
    {
        _pieces.Add(new Piece(new byte[size]));
        Capacity += size;
    }

    public void Advance(int count) => _pieces[^1].Used += count;

    /// <summary>Lets readers see what has been written.</summary>
    public void Show()
    {
        for (var i = Math.Max(0, _shownPieces - 1); i < _pieces.Count; i++)
        {
            Shown += _pieces[i].Used - _pieces[i].Shown;
            _pieces[i].Shown = _pieces[i].Used;
        }

        _shownPieces = _pieces.Count;
    }

    /// <summary>What is to be seen from a place on, in one piece; empty: no more.</summary>
    public ReadOnlyMemory<byte> Next(ref RecordingPlace place)
    {
        while (place.Piece < _pieces.Count)
        {
            var piece = _pieces[place.Piece];
            if (place.Offset < piece.Shown)
            {
                var bytes = piece.Bytes.AsMemory(place.Offset, piece.Shown - place.Offset);
                place.Offset = piece.Shown;
                return bytes;
            }

            if (place.Offset < piece.Used || place.Piece == _pieces.Count - 1)
            {
                break;
            }

            place = new RecordingPlace(place.Piece + 1, 0);
        }

        return default;
    }

    /// <summary>Nothing will be added: gives back what the last piece does not need.</summary>
    public void Trim()
    {
        if (_pieces.Count == 0)
        {
            return;
        }

        var last = _pieces[^1];
        Capacity -= last.Bytes.Length - last.Used;
        // Whoever is reading the old array may go on with it.
        last.Bytes = last.Bytes[..last.Used];
    }

    public void Drop()
    {
        _pieces.Clear();
        (Capacity, Shown, _shownPieces) = (0, 0, 0);
    }

    private sealed class Piece(byte[] bytes)
    {
        public byte[] Bytes { get; set; } = bytes;

        public int Used { get; set; }

        public int Shown { get; set; }
    }
}
