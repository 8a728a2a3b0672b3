using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Streaming;

/// <summary>What the engine's core wants to know of a request, which all dialects spell alike.</summary>
internal static class EngineRequestReader
{
    public static EngineRequest Read(HttpRequest request, ChatRequest chat, JsonElement body) =>
        new(chat.PromptTokens)
        {
            RequestId = request.Header("X-Request-Id"),
            Model = chat.Model,
            User = Text(body, "user"),
            CacheSalt = Text(body, "cache_salt"),
        };

    private static string? Text(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object
        && body.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
