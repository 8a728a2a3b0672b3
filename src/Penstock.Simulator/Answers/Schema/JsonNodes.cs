using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>What schemas ask of values: kinds, equality as JSON sees it, lengths in characters.</summary>
internal static class JsonNodes
{
    public static JsonNode? Of(JsonElement element) => JsonNode.Parse(element.GetRawText());

    public static JsonValueKind Kind(JsonNode? node) => node?.GetValueKind() ?? JsonValueKind.Null;

    public static bool AreEqual(JsonNode? one, JsonNode? other) =>
        (Kind(one), Kind(other)) is (JsonValueKind.Number, JsonValueKind.Number)
            ? Number(one!).Equals(Number(other!))
            : JsonNode.DeepEquals(one, other);

    public static double Number(JsonNode node) =>
        double.Parse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture);

    public static bool IsInteger(JsonNode node) => Math.Floor(Number(node)).Equals(Number(node));

    /// <summary>In Unicode characters: an emoji outside the first plane is one.</summary>
    public static int Length(string text) => text.EnumerateRunes().Count();

    public static bool IsType(JsonNode? node, string type) =>
        type switch
        {
            "null" => node is null,
            "boolean" => Kind(node) is JsonValueKind.True or JsonValueKind.False,
            "string" => Kind(node) == JsonValueKind.String,
            "number" => Kind(node) == JsonValueKind.Number,
            "integer" => Kind(node) == JsonValueKind.Number && IsInteger(node!),
            "object" => Kind(node) == JsonValueKind.Object,
            "array" => Kind(node) == JsonValueKind.Array,
            _ => false,
        };
}
