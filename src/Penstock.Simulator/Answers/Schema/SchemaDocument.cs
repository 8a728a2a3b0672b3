using System.Text.Json;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>A JSON schema and where its references lead.</summary>
internal sealed class SchemaDocument(JsonElement root)
{
    // Longer chains of references are circles.
    private const int Hops = 32;

    public JsonElement Root { get; } = root;

    /// <summary>Follows <c>$ref</c> where it stands alone; null where it leads nowhere.</summary>
    public JsonElement? Resolve(JsonElement schema)
    {
        for (var hop = 0; hop < Hops; hop++)
        {
            if (Reference(schema) is not { } reference)
            {
                return schema;
            }

            if (Find(reference) is not { } target)
            {
                return null;
            }

            schema = target;
        }

        return null;
    }

    public static string? Reference(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && (schema.TryGetProperty("$ref", out var reference) || schema.TryGetProperty("$dynamicRef", out reference))
        && reference.ValueKind == JsonValueKind.String
            ? reference.GetString()
            : null;

    private JsonElement? Find(string reference)
    {
        var hash = reference.IndexOf('#', StringComparison.Ordinal);
        var fragment = hash < 0 ? "" : Uri.UnescapeDataString(reference[(hash + 1)..]);
        if (hash < 0)
        {
            return Named(Root, "$id", reference);
        }

        return fragment.Length == 0 ? Root
            : fragment[0] == '/' ? Point(fragment)
            : Named(Root, "$anchor", fragment) ?? Named(Root, "$dynamicAnchor", fragment);
    }

    private JsonElement? Point(string pointer)
    {
        var at = Root;
        foreach (var part in pointer.Split('/').Skip(1))
        {
            var name = part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            if (at.ValueKind == JsonValueKind.Array && int.TryParse(name, out var index) && index < at.GetArrayLength())
            {
                at = at[index];
            }
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
            {
                return null;
            }
        }

        return at;
    }

    private static JsonElement? Named(JsonElement at, string keyword, string name)
    {
        if (at.ValueKind == JsonValueKind.Array)
        {
            return at.EnumerateArray()
                .Select(item => Named(item, keyword, name))
                .FirstOrDefault(found => found is not null);
        }

        if (at.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (
            at.TryGetProperty(keyword, out var value)
            && value.ValueKind == JsonValueKind.String
            && value.ValueEquals(name)
        )
        {
            return at;
        }

        return at.EnumerateObject()
            .Select(property => Named(property.Value, keyword, name))
            .FirstOrDefault(found => found is not null);
    }
}
