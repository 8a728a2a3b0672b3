using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>The keywords about objects.</summary>
internal sealed class ObjectCheck(SchemaCheck check, JsonElement schema)
{
    public bool IsValid(JsonObject node) =>
        HasRequired(node)
        && (!schema.TryGetProperty("minProperties", out var min) || node.Count >= min.GetDouble())
        && (!schema.TryGetProperty("maxProperties", out var max) || node.Count <= max.GetDouble())
        && (
            !schema.TryGetProperty("propertyNames", out var names)
            || node.All(p => check.IsValid(JsonValue.Create(p.Key), names))
        )
        && DependenciesHold(node)
        && node.All(p => IsPropertyValid(p.Key, p.Value));

    private bool HasRequired(JsonObject node) =>
        !schema.TryGetProperty("required", out var required)
        || required.ValueKind != JsonValueKind.Array
        || required.EnumerateArray().All(name => node.ContainsKey(name.GetString() ?? ""));

    private bool DependenciesHold(JsonObject node) =>
        (
            !schema.TryGetProperty("dependentRequired", out var dependent)
            || dependent
                .EnumerateObject()
                .Where(d => node.ContainsKey(d.Name))
                .All(d => d.Value.EnumerateArray().All(name => node.ContainsKey(name.GetString() ?? "")))
        )
        && (
            !schema.TryGetProperty("dependentSchemas", out var schemas)
            || schemas.EnumerateObject().Where(d => node.ContainsKey(d.Name)).All(d => check.IsValid(node, d.Value))
        );

    private bool IsPropertyValid(string name, JsonNode? value)
    {
        var isKnown = false;
        if (schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var known))
        {
            isKnown = true;
            if (!check.IsValid(value, known))
            {
                return false;
            }
        }

        if (schema.TryGetProperty("patternProperties", out var patterns))
        {
            foreach (var pattern in patterns.EnumerateObject().Where(p => SchemaCheck.Matches(name, p.Name)))
            {
                isKnown = true;
                if (!check.IsValid(value, pattern.Value))
                {
                    return false;
                }
            }
        }

        return isKnown
            || !schema.TryGetProperty("additionalProperties", out var additional)
            || check.IsValid(value, additional);
    }
}
