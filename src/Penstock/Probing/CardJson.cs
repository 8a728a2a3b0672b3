using System.Text.Json;
using System.Text.Json.Serialization;
using Penstock.Engines;

namespace Penstock.Probing;

/// <summary>How a card is written for a store. A member that an older version did not know is unknown when it is read.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true
)]
[JsonSerializable(typeof(CapabilityCard))]
internal sealed partial class CardJson : JsonSerializerContext
{
    public static string Write(CapabilityCard card) => JsonSerializer.Serialize(card, Default.CapabilityCard);

    /// <returns>Null for a card that a later version wrote in words this one does not know.</returns>
    public static CapabilityCard? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.CapabilityCard);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
