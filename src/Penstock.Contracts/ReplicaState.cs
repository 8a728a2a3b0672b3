namespace Penstock.Contracts;

/// <summary>How one replica of a deployment is now, and what it was seen to do.</summary>
public sealed record ReplicaState
{
    public required string Url { get; init; }

    /// <summary><c>alive</c>, <c>failing</c>, <c>starting</c> or <c>unknown</c>, as its last health check found.</summary>
    public required string Condition { get; init; }

    /// <summary>What the health check heard, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Requests under way from this gateway.</summary>
    public required int InFlight { get; init; }

    /// <summary>Requests that the engine says it works on; absent: it does not say.</summary>
    public int? Running { get; init; }

    /// <summary>Requests that the engine says it keeps waiting.</summary>
    public int? Waiting { get; init; }

    /// <summary>Share of its attention cache that the engine says is in use, 0 to 1.</summary>
    public double? CacheUsage { get; init; }

    /// <summary>Why a probe that was asked for brought no card.</summary>
    public string? Problem { get; init; }

    /// <summary>Absent: it was never probed.</summary>
    public CardShape? Card { get; init; }
}
