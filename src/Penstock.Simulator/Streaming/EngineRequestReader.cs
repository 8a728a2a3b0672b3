using System.Runtime.InteropServices;
using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects;
using Penstock.Simulator.Engine;

namespace Penstock.Simulator.Streaming;

/// <summary>What the engine's core wants to know of a request, which all dialects spell alike.</summary>
internal static class EngineRequestReader
{
    public static EngineRequest Read(ChatBody body, ChatRequest chat, EngineState engine)
    {
        var root = body.Root;
        var salt = Text(root, "cache_salt");
        return new EngineRequest(chat.PromptTokens)
        {
            RequestId = body.Request.Header("X-Request-Id"),
            Model = chat.Model,
            User = Text(root, "user"),
            CacheSalt = salt,
            Priority =
                Field(root, "priority") is { ValueKind: JsonValueKind.Number } number
                && number.TryGetDouble(out var priority)
                    ? priority
                    : 0,
            Blocks = Blocks(root, chat, engine.Habits.TakesCacheSalt ? salt : null, engine.BlockSize),
        };
    }

    private static IReadOnlyList<ulong> Blocks(JsonElement root, ChatRequest chat, string? salt, int blockSize)
    {
        var blocks = new PromptBlocks(Hash(chat.Model) ^ (salt is null ? 0 : Hash($"salt {salt}")), blockSize);
        PromptText.Add(blocks, root);
        // The dialect has counted the prompt; where it counts otherwise than we do here, its word holds.
        var whole = Math.Min(blocks.Whole.Count, chat.PromptTokens / blockSize);
        return whole == blocks.Whole.Count ? blocks.Whole : [.. blocks.Whole.Take(whole)];
    }

    private static ulong Hash(string text) => Dice.Hash(0, MemoryMarshal.AsBytes(text.AsSpan()));

    private static JsonElement? Field(JsonElement body, string name) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty(name, out var value) ? value : null;

    private static string? Text(JsonElement body, string name) =>
        Field(body, name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;
}
