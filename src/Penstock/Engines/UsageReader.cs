using System.Buffers.Text;
using Penstock.Primitives.Json;

namespace Penstock.Engines;

/// <summary>Reads a <c>usage</c> object in any engine's spelling.</summary>
internal static class UsageReader
{
    /// <param name="usage">The bytes of the value of <c>usage</c>; what follows it is not looked at.</param>
    /// <returns>Null when the value is null, malformed, or has neither prompt nor completion tokens.</returns>
    public static TokenUsage? Read(ReadOnlySpan<byte> usage)
    {
        var cursor = new JsonCursor(usage);
        return cursor.Peek() == JsonKind.Object ? ReadObject(ref cursor) : null;
    }

    private static TokenUsage? ReadObject(ref JsonCursor cursor)
    {
        long? prompt = null;
        long? completion = null;
        long? cached = null;
        long? reasoning = null;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            switch (UsageFields.Of(cursor.Json, name))
            {
                case UsageField.Prompt:
                    prompt = ReadCount(ref cursor);
                    break;
                case UsageField.Completion:
                    completion = ReadCount(ref cursor);
                    break;
                case UsageField.Reasoning: // SGLang: at the top level of usage
                    reasoning = ReadCount(ref cursor) ?? reasoning;
                    break;
                case UsageField.PromptDetails:
                    cached = ReadDetail(ref cursor, UsageField.Cached) ?? cached;
                    break;
                case UsageField.CompletionDetails:
                    reasoning = ReadDetail(ref cursor, UsageField.Reasoning) ?? reasoning;
                    break;
                default:
                    cursor.SkipValue();
                    break;
            }
        }

        return cursor.Failed || (prompt is null && completion is null)
            ? null
            : new TokenUsage(prompt ?? 0, completion ?? 0, cached, reasoning);
    }

    private static long? ReadDetail(ref JsonCursor cursor, UsageField field)
    {
        if (cursor.Peek() != JsonKind.Object)
        {
            cursor.SkipValue();
            return null;
        }

        long? value = null;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            if (UsageFields.Of(cursor.Json, name) == field)
            {
                value = ReadCount(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return value;
    }

    private static long? ReadCount(ref JsonCursor cursor)
    {
        if (cursor.Peek() != JsonKind.Number)
        {
            cursor.SkipValue();
            return null;
        }

        return
            cursor.ReadNumber(out var number, out var isInteger)
            && isInteger
            && Utf8Parser.TryParse(number, out long count, out _)
            && count >= 0
            ? count
            : null;
    }
}
