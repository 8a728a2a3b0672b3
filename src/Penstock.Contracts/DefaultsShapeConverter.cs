using System.Text.Json;
using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>Reads and writes both forms of <c>defaults</c>.</summary>
internal sealed class DefaultsShapeConverter : JsonConverter<DefaultsShape>
{
    private const string EngineWord = "engine";

    public override DefaultsShape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(EngineWord))
        {
            return DefaultsShape.Engine;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("defaults must be an object or the string \"engine\".");
        }

        var values = JsonSerializer.Deserialize(ref reader, DefaultsJson.Values(options))!;
        return new DefaultsShape
        {
            MaxTokens = values.MaxTokens,
            Temperature = values.Temperature,
            TopP = values.TopP,
        };
    }

    public override void Write(Utf8JsonWriter writer, DefaultsShape value, JsonSerializerOptions options)
    {
        if (value.IsEngine)
        {
            writer.WriteStringValue(EngineWord);
            return;
        }

        var values = new DefaultsValues(value.MaxTokens, value.Temperature, value.TopP);
        JsonSerializer.Serialize(writer, values, DefaultsJson.Values(options));
    }
}
