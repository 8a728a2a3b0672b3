namespace Penstock.Storage.Redis;

/// <summary>
/// A word that the server has from the moment when it is given the ledger's sums, and that is lost with them: by it a node
/// sees that the server came back empty, and whether others have restored it meanwhile.
/// </summary>
internal sealed class RedisEpoch
{
    /// <summary>Empty: the server had no such word. Before this node has heard of any it is of none.</summary>
    private volatile string _known = "none";

    public string Known => _known;

    /// <summary>This node gives the server the ledger's sums, or has just begun.</summary>
    public void Begin(string word) => _known = word;

    /// <returns>True: the server has lost its sums since this node last heard of it.</returns>
    public bool Hear(string word)
    {
        var before = Interlocked.Exchange(ref _known, word);
        return before.Length > 0 && before != word;
    }
}
