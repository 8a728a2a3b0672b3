using System.Text.Json.Serialization;

namespace Penstock.Registry.Discovery;

/// <summary>How the list is read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ModelCards))]
internal sealed partial class ModelCardsJson : JsonSerializerContext;
