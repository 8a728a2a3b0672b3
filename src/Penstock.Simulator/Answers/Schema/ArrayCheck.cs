using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>The keywords about arrays, tuples in their old spelling too.</summary>
internal sealed class ArrayCheck(SchemaCheck check, JsonElement schema)
{
    public bool IsValid(JsonArray node) =>
        (!schema.TryGetProperty("minItems", out var min) || node.Count >= min.GetDouble())
        && (!schema.TryGetProperty("maxItems", out var max) || node.Count <= max.GetDouble())
        && (
            !schema.TryGetProperty("uniqueItems", out var unique)
            || !unique.ValueKind.Equals(JsonValueKind.True)
            || AreUnique(node)
        )
        && ContainsEnough(node)
        && Enumerable
            .Range(0, node.Count)
            .All(i => ItemSchema(schema, i) is not { } item || check.IsValid(node[i], item));

    /// <summary>The schema of the item at that place, if the place has one.</summary>
    public static JsonElement? ItemSchema(JsonElement schema, int index)
    {
        var hasTuple = schema.TryGetProperty("prefixItems", out var tuple);
        var hasItems = schema.TryGetProperty("items", out var items);
        var rest = hasItems ? items : (JsonElement?)null;
        if (hasItems && items.ValueKind == JsonValueKind.Array)
        {
            (tuple, hasTuple) = (items, true);
            rest = schema.TryGetProperty("additionalItems", out var additional) ? additional : null;
        }

        return hasTuple && index < tuple.GetArrayLength() ? tuple[index] : rest;
    }

    public static bool AreUnique(JsonArray node)
    {
        for (var i = 1; i < node.Count; i++)
        {
            if (Enumerable.Range(0, i).Any(j => JsonNodes.AreEqual(node[i], node[j])))
            {
                return false;
            }
        }

        return true;
    }

    private bool ContainsEnough(JsonArray node)
    {
        if (!schema.TryGetProperty("contains", out var contains))
        {
            return true;
        }

        var count = node.Count(item => check.IsValid(item, contains));
        return count >= (schema.TryGetProperty("minContains", out var min) ? min.GetDouble() : 1)
            && (!schema.TryGetProperty("maxContains", out var max) || count <= max.GetDouble());
    }
}
