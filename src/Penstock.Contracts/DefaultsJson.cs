using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Penstock.Contracts;

/// <summary>Metadata of the object form of <c>defaults</c>, as strict as whoever asks.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(DefaultsValues))]
internal sealed partial class DefaultsJson : JsonSerializerContext
{
    private static DefaultsJson Strict =>
        field ??= new(
            new JsonSerializerOptions(Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow }
        );

    public static JsonTypeInfo<DefaultsValues> Values(JsonSerializerOptions askedBy) =>
        askedBy.UnmappedMemberHandling == JsonUnmappedMemberHandling.Disallow
            ? Strict.DefaultsValues
            : Default.DefaultsValues;
}
