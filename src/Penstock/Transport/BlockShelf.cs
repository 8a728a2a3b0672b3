namespace Penstock.Transport;

/// <summary>Idle blocks, the last one first: it is the one whose bytes the processor still has at hand.</summary>
internal sealed class BlockShelf
{
    private readonly Lock _gate = new();
    private readonly Stack<Block> _blocks = [];
    private int _lowest;

    public Block? Take()
    {
        lock (_gate)
        {
            var taken = _blocks.TryPop(out var block);
            _lowest = Math.Min(_lowest, _blocks.Count);
            return taken ? block : null;
        }
    }

    public void Put(Block block)
    {
        lock (_gate)
        {
            _blocks.Push(block);
        }
    }

    /// <summary>Lets go of the blocks that nobody needed since the last time.</summary>
    public void Trim()
    {
        lock (_gate)
        {
            for (var spare = _lowest; spare > 0; spare--)
            {
                _blocks.Pop();
            }

            _lowest = _blocks.Count;
            _blocks.TrimExcess();
        }
    }
}
