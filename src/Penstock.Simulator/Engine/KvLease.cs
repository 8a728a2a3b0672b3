namespace Penstock.Simulator.Engine;

/// <summary>What one generation holds of the cache; its members belong to <see cref="KvCache"/>.</summary>
internal sealed class KvLease(EngineRequest request)
{
    public EngineRequest Request { get; } = request;

    /// <summary>Blocks by their hash, in the order of the prompt.</summary>
    public List<KvBlock> Shared { get; } = [];

    /// <summary>Blocks that only this generation has.</summary>
    public int Private { get; set; }

    /// <summary>Blocks kept free for what it will generate.</summary>
    public int Promised { get; set; }

    /// <summary>Tokens that stand in its blocks.</summary>
    public int Tokens { get; set; }

    /// <summary>Whole blocks of the prompt that others may find by now.</summary>
    public int Published { get; set; }

    public bool IsHeld { get; set; }
}
