using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Holds <c>tool_choice</c> to its three words or one named function.</summary>
internal static class ToolChoiceReader
{
    private const string Expected =
        "'auto', 'none', 'required' or an object {\"type\":\"function\",\"function\":{\"name\":...}}";

    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind) =>
        kind switch
        {
            JsonKind.String => ReadWord(ref cursor),
            JsonKind.Object => ReadNamed(ref cursor),
            _ => Values.Mismatch(ref cursor, kind, "tool_choice", Expected),
        };

    private static EnvelopeRefusal? ReadWord(ref JsonCursor cursor)
    {
        if (!cursor.ReadString(out var word))
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        var json = cursor.Json;
        return word.Means(json, "auto"u8) || word.Means(json, "none"u8) || word.Means(json, "required"u8)
            ? null
            : EnvelopeRefusal.WrongValue("tool_choice", Expected, "another string");
    }

    private static EnvelopeRefusal? ReadNamed(ref JsonCursor cursor)
    {
        cursor.EnterObject();
        bool hasType = false,
            hasFunction = false;
        while (cursor.NextName(out var name))
        {
            var isNull = cursor.Peek() == JsonKind.Null;
            EnvelopeRefusal? refusal;
            if (name.Means(cursor.Json, "type"u8))
            {
                hasType = !isNull;
                refusal = isNull ? Values.Null(ref cursor) : ReadType(ref cursor);
            }
            else if (name.Means(cursor.Json, "function"u8))
            {
                hasFunction = !isNull;
                refusal = isNull ? Values.Null(ref cursor) : ReadFunction(ref cursor);
            }
            else
            {
                refusal = Values.Skip(ref cursor);
            }

            if (refusal is not null)
            {
                return refusal;
            }
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor)
            : !hasType ? EnvelopeRefusal.Missing("tool_choice.type", "'function'")
            : !hasFunction ? EnvelopeRefusal.Missing("tool_choice.function", "an object with the function's name")
            : null;
    }

    private static EnvelopeRefusal? ReadType(ref JsonCursor cursor)
    {
        var refusal = Values.Text(ref cursor, "tool_choice.type", out var type);
        return refusal is not null || type.Means(cursor.Json, "function"u8)
            ? refusal
            : EnvelopeRefusal.WrongValue("tool_choice.type", "'function'", "another string");
    }

    private static EnvelopeRefusal? ReadFunction(ref JsonCursor cursor)
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, "tool_choice.function", "an object");
        }

        cursor.EnterObject();
        var hasName = false;
        while (cursor.NextName(out var member))
        {
            kind = cursor.Peek();
            if (member.Means(cursor.Json, "name"u8))
            {
                hasName = kind == JsonKind.String;
                if (!hasName && kind != JsonKind.Null)
                {
                    return Values.Mismatch(ref cursor, kind, "tool_choice.function.name", "a string");
                }
            }

            cursor.SkipValue();
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor)
            : hasName ? null
            : EnvelopeRefusal.Missing("tool_choice.function.name", "the name of one of the tools");
    }
}
