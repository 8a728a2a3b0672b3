using System.Collections.Immutable;
using Penstock.Engines;

namespace Penstock.Registry.Discovery;

/// <summary>How an engine is recognised: by what it says of its models, or by a path that only it answers.</summary>
/// <param name="Backend">What it is called when recognised.</param>
/// <param name="Ports">Where it listens when nobody says otherwise.</param>
/// <param name="OwnedBy">Values of <c>owned_by</c> in its list of models.</param>
/// <param name="Proof">A path that answers 200 with JSON; null: <c>owned_by</c> is all there is.</param>
internal sealed record EngineSignature(
    string Backend,
    ImmutableArray<int> Ports,
    ImmutableArray<string> OwnedBy,
    string? Proof = null
)
{
    /// <summary>
    /// The engines that are looked for. <c>owned_by</c> is asked first: it is the engine's own word. Proofs come after
    /// it, in this order, since some engines answer others' paths (TensorRT-LLM answers vLLM's /version).
    /// </summary>
    public static ImmutableArray<EngineSignature> All { get; } =
    [
        new(EngineCatalog.Vllm, [8000], ["vllm"]),
        new(EngineCatalog.Sglang, [30000], ["sglang"]),
        new(EngineCatalog.TrtLlm, [8000], ["tensorrt_llm"]),
        new(EngineCatalog.LlamaCpp, [8080], ["llamacpp"]),
        // Its models are owned by "library", or by whoever published them.
        new(EngineCatalog.Ollama, [11434], ["library"], "/api/version"),
        new(EngineCatalog.LmStudio, [1234], ["organization_owner"], "/api/v0/models"),
    ];

    /// <summary>Every usual port, once.</summary>
    public static ImmutableArray<int> UsualPorts { get; } = [.. All.SelectMany(engine => engine.Ports).Distinct()];
}
