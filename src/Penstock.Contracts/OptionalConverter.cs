using System.Text.Json;
using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>A given member is its value, null included; an absent one is skipped by the property's own rule.</summary>
internal sealed class OptionalConverter<T> : JsonConverter<Optional<T>>
{
    public override bool HandleNull => true;

    public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize(ref reader, ContractsJson.InfoOf<T>(options))!);

    public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value.Value, ContractsJson.InfoOf<T>(options));
}
