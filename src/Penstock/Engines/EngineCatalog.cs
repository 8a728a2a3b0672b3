using System.Collections.Frozen;

namespace Penstock.Engines;

/// <summary>Every engine Penstock knows by name; adding one is a line.</summary>
internal static class EngineCatalog
{
    private const string Chat = "/v1/chat/completions";

    private static readonly FrozenDictionary<string, Engine> Known = new Engine[]
    {
        new("vllm", Chat, "/health"),
        new("sglang", Chat, "/health"),
        new("trtllm", Chat, "/health"),
        new("llamacpp", Chat, "/health"),
        new("ollama", Chat, "/api/version"),
        new("lmstudio", Chat, "/v1/models"),
        new("tgi", Chat, "/health"),
        // Anything that speaks the OpenAI API and is none of the others.
        new("openai", Chat, "/v1/models"),
    }.ToFrozenDictionary(engine => engine.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <param name="backend">An engine's name, or where it runs and its name: <c>runpod-vllm</c>.</param>
    /// <returns>The facts of OpenAI's own dialect for a name nobody knows.</returns>
    public static Engine Find(string backend) =>
        Known.TryGetValue(backend[(backend.LastIndexOf('-') + 1)..], out var engine) ? engine : Known["openai"];
}
