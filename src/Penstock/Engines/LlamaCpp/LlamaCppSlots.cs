using System.Text.Json;

namespace Penstock.Engines.LlamaCpp;

/// <summary>Reads <c>/slots</c>: how many are at work. Requests that wait for a slot are not in it.</summary>
internal static class LlamaCppSlots
{
    public static EngineLoad Read(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            return reader.Read() && reader.TokenType == JsonTokenType.StartArray
                ? new EngineLoad(CountBusy(ref reader), Waiting: null, KvUsage: null)
                : EngineLoad.Unknown;
        }
        catch (JsonException)
        {
            return EngineLoad.Unknown;
        }
    }

    private static int? CountBusy(ref Utf8JsonReader reader)
    {
        var busy = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            if (!TryReadSlot(ref reader, out var isBusy))
            {
                return null;
            }

            busy += isBusy ? 1 : 0;
        }

        return reader.TokenType == JsonTokenType.EndArray ? busy : null;
    }

    private static bool TryReadSlot(ref Utf8JsonReader reader, out bool isBusy)
    {
        var said = false;
        isBusy = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isState = reader.ValueTextEquals("is_processing"u8);
            reader.Read();
            if (isState && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            {
                said = true;
                isBusy = reader.TokenType == JsonTokenType.True;
            }

            reader.Skip();
        }

        return said;
    }
}
