using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Holds <c>tools</c> to objects that name their type; what a tool holds besides is the engine's business.
/// </summary>
internal static class ToolsReader
{
    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind, ref RequestEnvelope envelope)
    {
        if (kind != JsonKind.Array)
        {
            return Values.Mismatch(ref cursor, kind, "tools", "an array of objects");
        }

        cursor.EnterArray();
        var index = 0;
        while (cursor.NextElement())
        {
            if (ReadTool(ref cursor, index) is { } refusal)
            {
                return refusal;
            }

            index++;
        }

        envelope.HasTools = index > 0;
        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : null;
    }

    private static EnvelopeRefusal? ReadTool(ref JsonCursor cursor, int index)
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, $"tools[{index}]", "an object");
        }

        cursor.EnterObject();
        var hasType = false;
        while (cursor.NextName(out var name))
        {
            kind = cursor.Peek();
            if (name.Means(cursor.Json, "type"u8))
            {
                hasType = kind == JsonKind.String;
                if (!hasType && kind != JsonKind.Null)
                {
                    return Values.Mismatch(ref cursor, kind, $"tools[{index}].type", "a string");
                }
            }

            cursor.SkipValue();
        }

        if (cursor.Failed)
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        return hasType ? null : EnvelopeRefusal.Missing($"tools[{index}].type", "a string such as 'function'");
    }
}
