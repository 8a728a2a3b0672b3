namespace Penstock.Simulator.Engine;

/// <summary>What the engine's core knows of a request.</summary>
internal sealed record EngineRequest(int PromptTokens)
{
    /// <summary>Of every whole block of the prompt a hash of all before its end: equal beginnings, equal hashes.</summary>
    public IReadOnlyList<ulong> Blocks { get; init; } = [];

    public double Priority { get; init; }

    /// <summary>The gateway's <c>X-Request-Id</c>, where it sent one.</summary>
    public string? RequestId { get; init; }

    public string? User { get; init; }

    public string? CacheSalt { get; init; }

    public string Model { get; init; } = "";
}
