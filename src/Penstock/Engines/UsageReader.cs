using System.Text.Json;

namespace Penstock.Engines;

/// <summary>Reads a <c>usage</c> object in any engine's spelling.</summary>
internal static class UsageReader
{
    /// <param name="usage">The bytes of the value of <c>usage</c>.</param>
    /// <returns>Null when the value is null, malformed, or has neither prompt nor completion tokens.</returns>
    public static TokenUsage? Read(ReadOnlySpan<byte> usage)
    {
        try
        {
            var reader = new Utf8JsonReader(usage);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static TokenUsage? ReadObject(ref Utf8JsonReader reader)
    {
        long? prompt = null;
        long? completion = null;
        long? cached = null;
        long? reasoning = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("prompt_tokens"u8))
            {
                prompt = ReadCount(ref reader);
            }
            else if (reader.ValueTextEquals("completion_tokens"u8))
            {
                completion = ReadCount(ref reader);
            }
            else if (reader.ValueTextEquals("reasoning_tokens"u8))
            {
                reasoning = ReadCount(ref reader) ?? reasoning; // SGLang: at the top level of usage
            }
            else if (reader.ValueTextEquals("prompt_tokens_details"u8))
            {
                cached = ReadDetail(ref reader, "cached_tokens"u8) ?? cached;
            }
            else if (reader.ValueTextEquals("completion_tokens_details"u8))
            {
                reasoning = ReadDetail(ref reader, "reasoning_tokens"u8) ?? reasoning;
            }
            else
            {
                Skip(ref reader);
            }
        }
        return prompt is null && completion is null
            ? null
            : new TokenUsage(prompt ?? 0, completion ?? 0, cached, reasoning);
    }

    private static long? ReadDetail(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        long? value = null;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                value = ReadCount(ref reader);
            }
            else
            {
                Skip(ref reader);
            }
        }
        return value;
    }

    private static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var count) && count >= 0)
        {
            return count;
        }

        reader.Skip();
        return null;
    }

    private static void Skip(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }
}
