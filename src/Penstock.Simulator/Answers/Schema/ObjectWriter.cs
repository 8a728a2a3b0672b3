using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>Writes an object: what is required, some of what is allowed, no more than may be.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct ObjectWriter(SchemaInstance instance, SchemaSet set, int depth)
{
    // Deeper objects hold only what they must, or a recursive schema would grow without end.
    private const int OptionalDepth = 4;

    public JsonObject Write(ref Dice dice)
    {
        var node = new JsonObject();
        var required = Required();
        var most = set.AtMost("maxProperties");
        foreach (var properties in set.Values("properties"))
        {
            foreach (var property in properties.EnumerateObject())
            {
                var isRequired = required.Contains(property.Name);
                if (
                    !node.ContainsKey(property.Name)
                    && (isRequired || (IsOptionalWanted(property.Value, ref dice) && node.Count < most))
                )
                {
                    Add(node, property.Name);
                }
            }
        }

        foreach (var name in required.Where(name => !node.ContainsKey(name)))
        {
            Add(node, name);
        }

        Complete(node, required);
        Fill(node, ref dice);
        return node;
    }

    private HashSet<string> Required() =>
        [
            .. set.Values("required")
                .Where(r => r.ValueKind == JsonValueKind.Array)
                .SelectMany(r => r.EnumerateArray())
                .Select(r => r.GetString() ?? ""),
        ];

    private bool IsOptionalWanted(JsonElement schema, ref Dice dice) =>
        schema.ValueKind != JsonValueKind.False && depth < OptionalDepth && !dice.OneIn(4);

    /// <summary>What the present properties make required; then fewer than enough get all there is.</summary>
    private void Complete(JsonObject node, HashSet<string> required)
    {
        foreach (var dependent in set.Values("dependentRequired"))
        {
            foreach (var dependency in dependent.EnumerateObject().Where(d => node.ContainsKey(d.Name)))
            {
                required.UnionWith(dependency.Value.EnumerateArray().Select(v => v.GetString() ?? ""));
            }
        }

        foreach (var name in required.Where(name => !node.ContainsKey(name)))
        {
            Add(node, name);
        }

        var least = set.AtLeast("minProperties");
        foreach (var property in set.Values("properties").SelectMany(p => p.EnumerateObject()))
        {
            if (
                node.Count < least
                && !node.ContainsKey(property.Name)
                && property.Value.ValueKind != JsonValueKind.False
            )
            {
                Add(node, property.Name);
            }
        }
    }

    /// <summary>Names of its own where the schema asks for properties without naming them.</summary>
    private void Fill(JsonObject node, ref Dice dice)
    {
        var isClosed = set.Values("additionalProperties").Any(a => a.ValueKind == JsonValueKind.False);
        var isMap = set.Values("additionalProperties").Any(a => a.ValueKind == JsonValueKind.Object);
        var patterns = set.Values("patternProperties")
            .SelectMany(p => p.EnumerateObject())
            .Select(p => p.Name)
            .ToList();
        var least = set.AtLeast("minProperties");
        // An empty map is valid but shows nothing.
        if (depth < OptionalDepth && node.Count == 0 && (isMap || patterns.Count > 0))
        {
            least = Math.Min(Math.Max(least, 1), set.AtMost("maxProperties"));
        }

        for (var tries = 0; node.Count < least && tries < 64 && (!isClosed || patterns.Count > 0); tries++)
        {
            var name =
                patterns.Count > 0
                    ? PatternText.Write(patterns[dice.Next(patterns.Count)], ref dice) ?? $"key{tries}"
                    : FreeName(tries, ref dice);
            if (!node.ContainsKey(name))
            {
                Add(node, name);
            }
        }
    }

    private string FreeName(int tries, ref Dice dice)
    {
        var names = set.Values("propertyNames").ToList();
        return names.Count > 0
            ? instance.Value(names, "", depth + 1) is JsonValue value && value.TryGetValue<string>(out var name)
                ? name
                : $"key{tries}"
            : $"{dice.Pick<Token>(Vocabulary.Adjectives).Text.Trim()}{(tries > 4 ? tries : "")}";
    }

    private void Add(JsonObject node, string name)
    {
        var schemas = new List<JsonElement>();
        foreach (var schema in set.Schemas)
        {
            var isKnown =
                schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out _);
            if (isKnown)
            {
                schemas.Add(properties.GetProperty(name));
            }

            if (schema.TryGetProperty("patternProperties", out var patterns))
            {
                var matching = patterns.EnumerateObject().Where(p => SchemaCheck.Matches(name, p.Name)).ToList();
                schemas.AddRange(matching.Select(p => p.Value));
                isKnown |= matching.Count > 0;
            }

            if (!isKnown && schema.TryGetProperty("additionalProperties", out var additional))
            {
                schemas.Add(additional);
            }
        }

        node[name] = instance.Value(schemas, name, depth + 1);
    }
}
