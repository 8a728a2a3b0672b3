using System.Collections.Frozen;
using System.Collections.Immutable;
using Penstock.Engines.LlamaCpp;
using Penstock.Engines.LmDeploy;
using Penstock.Engines.LmStudio;
using Penstock.Engines.Ollama;
using Penstock.Engines.OpenAiCompatible;
using Penstock.Engines.Sglang;
using Penstock.Engines.Tgi;
using Penstock.Engines.TrtLlm;
using Penstock.Engines.Vllm;

namespace Penstock.Engines;

/// <summary>Every engine Penstock knows by name; adding one is a folder and a line.</summary>
internal static class EngineCatalog
{
    public const string Vllm = "vllm";
    public const string Sglang = "sglang";
    public const string TrtLlm = "trtllm";
    public const string LlamaCpp = "llamacpp";
    public const string Ollama = "ollama";
    public const string LmStudio = "lmstudio";
    public const string LmDeploy = "lmdeploy";
    public const string Tgi = "tgi";

    /// <summary>Anything that speaks the OpenAI API and is none of the others.</summary>
    public const string OpenAi = "openai";

    /// <summary>In the order in which an engine that says nothing of itself is guessed at.</summary>
    public static ImmutableArray<Engine> All { get; } =
    [
        VllmEngine.Facts,
        SglangEngine.Facts,
        TrtLlmEngine.Facts,
        LlamaCppEngine.Facts,
        OllamaEngine.Facts,
        LmStudioEngine.Facts,
        LmDeployEngine.Facts,
        TgiEngine.Facts,
        OpenAiCompatibleEngine.Facts,
    ];

    private static readonly FrozenDictionary<string, Engine> Known = All.ToFrozenDictionary(
        engine => engine.Name,
        StringComparer.Ordinal
    );

    public static IEnumerable<string> Names => All.Select(engine => engine.Name);

    /// <param name="backend">An engine's name, or where it runs and its name: <c>runpod-vllm</c>.</param>
    /// <returns>The facts of OpenAI's own dialect for a name nobody knows.</returns>
    public static Engine Find(string backend) =>
        Known.TryGetValue(backend[(backend.LastIndexOf('-') + 1)..], out var engine) ? engine : Known[OpenAi];
}
