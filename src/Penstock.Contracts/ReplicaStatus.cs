namespace Penstock.Contracts;

/// <summary>How one replica is at this moment.</summary>
public sealed record ReplicaStatus
{
    public required string Url { get; init; }

    /// <summary>Whether a request could go to it now: <c>available</c>, or what stands against it.</summary>
    public required string Standing { get; init; }

    /// <summary>The same in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Slots taken by this gateway.</summary>
    public required int InFlight { get; init; }

    /// <summary>Of those, calls that were broken off and that the engine may still be at work on.</summary>
    public required int Lagging { get; init; }

    /// <summary>Slots there are.</summary>
    public required int Capacity { get; init; }

    /// <summary>Failures of its own since its last answer.</summary>
    public required int Failures { get; init; }

    /// <summary>What the last health check found; absent: none has looked.</summary>
    public string? Health { get; init; }

    /// <summary>Requests at work by the engine's own word, whoever sent them; absent: unknown.</summary>
    public int? Running { get; init; }

    /// <summary>Requests in the engine's own queue; absent: unknown.</summary>
    public int? Waiting { get; init; }

    /// <summary>Share of the engine's attention cache in use, 0 to 1; absent: unknown.</summary>
    public double? KvUsage { get; init; }
}
