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
        new("runpod-vllm", Chat, "/health"),
        new("runpod-sglang", Chat, "/health"),
        new("llamacpp", Chat, "/health"),
        new("ollama", Chat, "/api/version"),
        new("lmstudio", Chat, "/v1/models"),
        new("openai", Chat, "/v1/models"),
        new("simulator", Chat, "/health"),
    }.ToFrozenDictionary(engine => engine.Name, StringComparer.Ordinal);

    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static bool Knows(string name) => Known.ContainsKey(name);

    /// <summary>An unknown name is an engine of OpenAI's own dialect.</summary>
    public static Engine Find(string name) =>
        Known.TryGetValue(name, out var engine) ? engine : new Engine(name, Chat, "/v1/models");
}
