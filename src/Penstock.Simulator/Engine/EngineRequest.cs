namespace Penstock.Simulator.Engine;

/// <summary>What the engine's core knows of a request.</summary>
internal sealed record EngineRequest(int PromptTokens)
{
    /// <summary>The gateway's <c>X-Request-Id</c>, where it sent one.</summary>
    public string? RequestId { get; init; }

    public string? User { get; init; }

    public string? CacheSalt { get; init; }

    public string Model { get; init; } = "";
}
