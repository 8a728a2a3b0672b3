namespace Penstock.Idempotency;

/// <summary>What one workspace has kept, in the order in which it ended.</summary>
internal sealed class Shelf
{
    private readonly LinkedList<ShelvedKey> _keys = [];

    /// <summary>Those of them whose answer is still there.</summary>
    private readonly LinkedList<Recording> _answers = [];

    /// <summary>Memory of the answers.</summary>
    public long Bytes { get; private set; }

    public int Count => _keys.Count;

    public ShelvedKey? Oldest => _keys.First?.Value;

    /// <param name="expiresAt">Timestamp at which its key is free again.</param>
    public void Add(Recording recording, long expiresAt)
    {
        _keys.AddLast(new ShelvedKey(recording, expiresAt));
        if (recording.Capacity > 0)
        {
            _answers.AddLast(recording);
            Bytes += recording.Capacity;
        }
    }

    public Recording RemoveOldest()
    {
        var oldest = Oldest!.Recording;
        _keys.RemoveFirst();
        // Both are in the same order.
        if (_answers.First?.Value == oldest)
        {
            _answers.RemoveFirst();
            Bytes -= oldest.Capacity;
        }

        return oldest;
    }

    /// <summary>Gives up the oldest answer that nobody listens to; its key is still known.</summary>
    /// <returns>Bytes that became free; 0: there is none.</returns>
    public int Forget()
    {
        for (var node = _answers.First; node is not null; node = node.Next)
        {
            var bytes = node.Value.Capacity;
            if (node.Value.TryForget())
            {
                _answers.Remove(node);
                Bytes -= bytes;
                return bytes;
            }
        }

        return 0;
    }
}

internal sealed record ShelvedKey(Recording Recording, long ExpiresAt);
