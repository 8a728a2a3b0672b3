using System.Collections.Frozen;

namespace Penstock.Engines;

/// <summary>Every engine Penstock knows by name; adding one is a line.</summary>
internal static class EngineCatalog
{
    public const string Vllm = "vllm";
    public const string Sglang = "sglang";
    public const string TrtLlm = "trtllm";
    public const string LlamaCpp = "llamacpp";
    public const string Ollama = "ollama";
    public const string LmStudio = "lmstudio";
    public const string Tgi = "tgi";

    /// <summary>Anything that speaks the OpenAI API and is none of the others.</summary>
    public const string OpenAi = "openai";

    private const string Chat = "/v1/chat/completions";

    private static readonly Engine[] All =
    [
        new(Vllm, Chat, "/health"),
        new(Sglang, Chat, "/health"),
        new(TrtLlm, Chat, "/health"),
        new(LlamaCpp, Chat, "/health"),
        new(Ollama, Chat, "/api/version"),
        new(LmStudio, Chat, "/v1/models"),
        new(Tgi, Chat, "/health"),
        new(OpenAi, Chat, "/v1/models"),
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
