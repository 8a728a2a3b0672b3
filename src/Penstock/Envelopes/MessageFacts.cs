using System.Runtime.InteropServices;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>What was seen of one message, judged when it ends.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct MessageFacts
{
    public const string RoleNames = "one of 'system', 'developer', 'user', 'assistant', 'tool' or 'function'";

    public MessageRole Role { get; set; }

    /// <summary><see cref="JsonKind.None"/>: the name does not occur.</summary>
    public JsonKind Content { get; set; }

    /// <summary>Something that may stand in for an assistant's content.</summary>
    public bool HasOther { get; set; }

    public readonly EnvelopeRefusal? Refuse(int index)
    {
        if (Role == MessageRole.None)
        {
            return EnvelopeRefusal.Missing($"messages[{index}].role", RoleNames);
        }

        if (Content is JsonKind.String or JsonKind.Array || (Role == MessageRole.Assistant && HasOther))
        {
            return null;
        }

        var param = $"messages[{index}].content";
        const string Expected =
            "a string or an array of objects (only an assistant message with tool calls may do without)";
        return Content == JsonKind.None
            ? EnvelopeRefusal.Missing(param, Expected)
            : EnvelopeRefusal.WrongType(param, Expected, Content);
    }

    public static MessageRole RoleOf(ReadOnlySpan<byte> json, JsonText text) =>
        text.Means(json, "user"u8) ? MessageRole.User
        : text.Means(json, "assistant"u8) ? MessageRole.Assistant
        : text.Means(json, "system"u8) ? MessageRole.System
        : text.Means(json, "tool"u8) ? MessageRole.Tool
        : text.Means(json, "developer"u8) ? MessageRole.Developer
        : text.Means(json, "function"u8) ? MessageRole.Function
        : MessageRole.None;
}
