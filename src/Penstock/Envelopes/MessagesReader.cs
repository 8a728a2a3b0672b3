using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Holds <c>messages</c> to the contract; the parts of a content are the engine's business.</summary>
internal static class MessagesReader
{
    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind, ref RequestEnvelope envelope)
    {
        if (kind != JsonKind.Array)
        {
            return Values.Mismatch(ref cursor, kind, "messages", "an array of objects");
        }

        cursor.EnterArray();
        var start = cursor.Position;
        var (index, firstMessage, firstTurn) = (0, 0, 0);
        while (cursor.NextElement())
        {
            if (ReadMessage(ref cursor, index, out var role) is { } refusal)
            {
                return refusal;
            }

            var end = cursor.Position - start;
            firstMessage = index == 0 ? end : firstMessage;
            firstTurn = firstTurn == 0 && role == MessageRole.User ? end : firstTurn;
            index++;
        }

        if (cursor.Failed)
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        if (index == 0)
        {
            return EnvelopeRefusal.WrongValue("messages", "at least one message", "an empty array");
        }

        envelope.Prompt = new PromptStart(start, firstMessage, firstTurn > 0 ? firstTurn : firstMessage);
        return null;
    }

    private static EnvelopeRefusal? ReadMessage(ref JsonCursor cursor, int index, out MessageRole role)
    {
        role = default;
        var kind = cursor.Peek();
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, $"messages[{index}]", "an object");
        }

        cursor.EnterObject();
        var message = new MessageFacts();
        while (cursor.NextName(out var name))
        {
            if (ReadMember(ref cursor, name, index, ref message) is { } refusal)
            {
                return refusal;
            }
        }

        role = message.Role;
        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : message.Refuse(index);
    }

    // Of equal names the last counts, as every engine's parser has it, and each must be right.
    private static EnvelopeRefusal? ReadMember(
        ref JsonCursor cursor,
        JsonText name,
        int index,
        ref MessageFacts message
    )
    {
        var json = cursor.Json;
        var kind = cursor.Peek();
        if (name.Means(json, "content"u8))
        {
            message.Content = kind;
            return kind == JsonKind.Null ? Values.Null(ref cursor) : ReadContent(ref cursor, kind, index);
        }

        if (name.Means(json, "role"u8))
        {
            message.Role = default;
            return kind == JsonKind.Null ? Values.Null(ref cursor) : ReadRole(ref cursor, index, ref message);
        }

        if (StandsForContent(json, name))
        {
            message.HasOther |= kind != JsonKind.Null;
        }

        return Values.Skip(ref cursor);
    }

    // What an assistant's message may carry in place of a content.
    private static bool StandsForContent(ReadOnlySpan<byte> json, JsonText name) =>
        name.Means(json, "tool_calls"u8)
        || name.Means(json, "function_call"u8)
        || name.Means(json, "refusal"u8)
        || name.Means(json, "audio"u8);

    private static EnvelopeRefusal? ReadRole(ref JsonCursor cursor, int index, ref MessageFacts message)
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.String)
        {
            return Values.Mismatch(ref cursor, kind, $"messages[{index}].role", MessageFacts.RoleNames);
        }

        if (!cursor.ReadString(out var text))
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        message.Role = MessageFacts.RoleOf(cursor.Json, text);
        return message.Role != MessageRole.None
            ? null
            : EnvelopeRefusal.WrongValue($"messages[{index}].role", MessageFacts.RoleNames, "another string");
    }

    private static EnvelopeRefusal? ReadContent(ref JsonCursor cursor, JsonKind kind, int index)
    {
        if (kind == JsonKind.String)
        {
            return Values.Skip(ref cursor);
        }

        if (kind != JsonKind.Array)
        {
            return Values.Mismatch(ref cursor, kind, $"messages[{index}].content", "a string or an array of objects");
        }

        cursor.EnterArray();
        var part = 0;
        while (cursor.NextElement())
        {
            kind = cursor.Peek();
            if (kind != JsonKind.Object)
            {
                return Values.Mismatch(ref cursor, kind, $"messages[{index}].content[{part}]", "an object");
            }

            cursor.SkipValue();
            part++;
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : null;
    }
}
