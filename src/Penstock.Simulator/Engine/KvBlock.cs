namespace Penstock.Simulator.Engine;

/// <summary>One block of the cache whose content is known by its hash, so that others may use it too.</summary>
internal sealed class KvBlock(ulong hash)
{
    public ulong Hash { get; } = hash;

    /// <summary>Generations that hold it; at zero it may be taken for something else.</summary>
    public int Holders { get; set; } = 1;

    /// <summary>Its place among those that nobody holds.</summary>
    public LinkedListNode<KvBlock>? Idle { get; set; }
}
