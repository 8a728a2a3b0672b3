namespace Penstock.Simulator.Engine;

/// <summary>How one engine's core behaves, whatever the words around it; options may say otherwise.</summary>
internal sealed record EngineHabits
{
    /// <summary>
    /// How long an answer goes on after its client went; <see cref="Timeout.InfiniteTimeSpan"/> is to its end.
    /// </summary>
    public TimeSpan AbortLag { get; init; }

    public PriorityOrder Priority { get; init; }

    /// <summary>Whether <c>cache_salt</c> keeps prompts apart in the prefix cache.</summary>
    public bool TakesCacheSalt { get; init; }

    /// <summary>Tokens a block of the cache. Sixteen is what vLLM takes on CUDA.</summary>
    public int BlockSize { get; init; } = 16;
}
