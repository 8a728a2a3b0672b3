namespace Penstock.Simulator.Engine;

/// <summary>
/// The cache of a pretend GPU: blocks of tokens, of which equal beginnings of prompts share the same. Blocks that nobody
/// holds stay findable until their place is needed, the longest unused first. Callers hold the scheduler's lock.
/// </summary>
/// <param name="blocks">How many there are.</param>
/// <param name="blockSize">Tokens a block.</param>
/// <param name="isLimit">Without, more blocks than there are can be held; only findable ones are evicted.</param>
/// <param name="findsPrefixes">Whether prompts share anything at all.</param>
internal sealed class KvCache(int blocks, int blockSize, bool isLimit, bool findsPrefixes)
{
    private readonly Dictionary<ulong, KvBlock> _known = [];
    private readonly LinkedList<KvBlock> _idle = new();
    private int _promised;

    public int Blocks => blocks;

    public int BlockSize => blockSize;

    /// <summary>Blocks that generations hold now; a shared one counts once.</summary>
    public int Used { get; private set; }

    /// <summary>Blocks that nobody holds and that a prompt would still find.</summary>
    public int Findable => _idle.Count;

    /// <summary>Prompt tokens that were looked up, and those of them that were found.</summary>
    public long Queries { get; private set; }

    public long Hits { get; private set; }

    public long Evictions { get; private set; }

    /// <summary>Takes the blocks of a prompt, and keeps others free for so many tokens more.</summary>
    /// <param name="lease">Empty.</param>
    /// <param name="tokens">Prompt, and what was generated before a preemption.</param>
    /// <param name="promise">Tokens that may come without asking again.</param>
    /// <param name="isAlone">Whoever is alone is let in, or a prompt larger than the cache would wait for ever.</param>
    /// <returns>Tokens that need not be computed; -1 where there is no room.</returns>
    public int Hold(KvLease lease, int tokens, int promise, bool isAlone)
    {
        var found = Found(lease.Request);
        var fresh = Count(tokens) - found;
        var woken = 0;
        for (var i = 0; i < found; i++)
        {
            woken += _known[lease.Request.Blocks[i]].Idle is null ? 0 : 1;
        }

        var promised = Count(tokens + promise) - Count(tokens);
        if (isLimit && !isAlone && Used + _promised + fresh + woken + promised > blocks)
        {
            return -1;
        }

        for (var i = 0; i < found; i++)
        {
            Share(lease, _known[lease.Request.Blocks[i]]);
        }

        Take(lease, fresh);
        lease.Promised = promised;
        _promised += promised;
        (lease.Tokens, lease.Published, lease.IsHeld) = (tokens, found, true);
        Queries += lease.Request.PromptTokens;
        Hits += found * blockSize;
        return found * blockSize;
    }

    /// <summary>More tokens of the prompt are computed: whole blocks of it can be found from now on.</summary>
    public void Publish(KvLease lease, int computed)
    {
        if (!findsPrefixes)
        {
            return;
        }

        var hashes = lease.Request.Blocks;
        for (; lease.Published < hashes.Count && (lease.Published + 1) * blockSize <= computed; lease.Published++)
        {
            // Two that computed the same side by side keep a copy each, as engines do.
            var block = new KvBlock(hashes[lease.Published]);
            if (lease.Private > 0 && _known.TryAdd(block.Hash, block))
            {
                lease.Private--;
                lease.Shared.Add(block);
            }
        }
    }

    /// <returns>False where there is no room: somebody has to go.</returns>
    public bool Grow(KvLease lease, int tokens, bool isAlone)
    {
        var more = Count(lease.Tokens + tokens) - Count(lease.Tokens);
        var kept = Math.Min(more, lease.Promised);
        if (isLimit && !isAlone && more > kept && Used + _promised + more - kept > blocks)
        {
            return false;
        }

        lease.Promised -= kept;
        _promised -= kept;
        lease.Tokens += tokens;
        Take(lease, more);
        return true;
    }

    public void Free(KvLease lease)
    {
        if (!lease.IsHeld)
        {
            return;
        }

        // The end of a prompt goes first: its beginning is what others ask for.
        for (var i = lease.Shared.Count - 1; i >= 0; i--)
        {
            if (--lease.Shared[i].Holders == 0)
            {
                lease.Shared[i].Idle = _idle.AddLast(lease.Shared[i]);
                Used--;
            }
        }

        lease.Shared.Clear();
        Used -= lease.Private;
        _promised -= lease.Promised;
        (lease.Private, lease.Promised, lease.Tokens, lease.IsHeld) = (0, 0, 0, false);
        Evict();
    }

    /// <summary>Forgets what could be found: the process is a new one.</summary>
    public void Forget()
    {
        foreach (var block in _idle)
        {
            _known.Remove(block.Hash);
        }

        _idle.Clear();
    }

    public void ResetCounts() => Queries = Hits = Evictions = 0;

    /// <summary>The last token is always computed: its output is what the first answer token comes from.</summary>
    private int Found(EngineRequest request)
    {
        var most = findsPrefixes ? Math.Min(request.Blocks.Count, (request.PromptTokens - 1) / blockSize) : 0;
        var found = 0;
        while (found < most && _known.ContainsKey(request.Blocks[found]))
        {
            found++;
        }

        return found;
    }

    private void Share(KvLease lease, KvBlock block)
    {
        block.Holders++;
        if (block.Idle is { } place)
        {
            _idle.Remove(place);
            block.Idle = null;
            Used++;
        }

        lease.Shared.Add(block);
    }

    private void Take(KvLease lease, int count)
    {
        lease.Private += count;
        Used += count;
        Evict();
    }

    private void Evict()
    {
        while (Used + _idle.Count > blocks && _idle.First is { } oldest)
        {
            _idle.RemoveFirst();
            _known.Remove(oldest.Value.Hash);
            Evictions++;
        }
    }

    private int Count(int tokens) => (tokens + blockSize - 1) / blockSize;
}
