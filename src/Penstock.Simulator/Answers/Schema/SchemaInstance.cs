using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>
/// Writes a value that is valid for a JSON schema. It builds by the keywords it knows, checks the result, and tries
/// other branches where the check says no; a schema that nothing satisfies gets the last attempt.
/// </summary>
internal sealed class SchemaInstance
{
    // Beyond this depth only what is required is written, and beyond twice that the value ends somehow.
    private const int Deep = 5;
    private const int Abyss = 24;

    // Eight branches are more than unions in practice have; the budget bounds what nested retries multiply to.
    private const int Attempts = 8;
    private const int RootAttempts = 32;
    private const int Budget = 20_000;

    private readonly SchemaDocument _document;
    private readonly SchemaCheck _check;
    private Dice _dice;
    private int _spent;

    private SchemaInstance(JsonElement root, ulong seed)
    {
        _document = new SchemaDocument(root);
        _check = new SchemaCheck(_document);
        _dice = new Dice(seed);
    }

    public static JsonNode? Write(JsonElement schema, ulong seed)
    {
        var instance = new SchemaInstance(schema, seed);
        return instance.Value([schema], "", 0, RootAttempts);
    }

    /// <param name="schemas">All must hold.</param>
    /// <param name="name">The property it is for: a hint for what to write.</param>
    /// <param name="depth">How many values it stands in.</param>
    /// <param name="attempts">How often to try.</param>
    public JsonNode? Value(IReadOnlyList<JsonElement> schemas, string name, int depth, int attempts = Attempts)
    {
        JsonNode? node = null;
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var set = new SchemaSet(_document, schemas, depth >= Deep, attempt, ref _dice);
            node = depth > Abyss ? null : Build(set, name, depth, attempt);
            if (++_spent > Budget || schemas.All(schema => _check.IsValid(node, schema)))
            {
                break;
            }
        }

        return node;
    }

    private JsonNode? Build(SchemaSet set, string name, int depth, int attempt)
    {
        foreach (var constant in set.Values("const"))
        {
            return JsonNodes.Of(constant);
        }

        foreach (var values in set.Values("enum"))
        {
            var count = values.GetArrayLength();
            return count == 0 ? null : JsonNodes.Of(values[(_dice.Next(count) + attempt) % count]);
        }

        return Type(set, depth, attempt) switch
        {
            "object" => new ObjectWriter(this, set, depth).Write(ref _dice),
            "array" => new ArrayWriter(this, set, name, depth).Write(ref _dice),
            "number" => Number(NumberRange.Of(set.Schemas).Pick(isInteger: false, ref _dice)),
            "integer" => Number(NumberRange.Of(set.Schemas).Pick(isInteger: true, ref _dice)),
            "boolean" => JsonValue.Create(_dice.OneIn(2)),
            "null" => null,
            _ => JsonValue.Create(StringWriter.Write(set, name, ref _dice)),
        };
    }

    private string Type(SchemaSet set, int depth, int attempt)
    {
        var types = Types(set);
        if (types.Count == 0)
        {
            return "string";
        }

        // A value says more than null; but deep down null is what ends a recursion.
        var order = types.OrderBy(t => string.Equals(t, "null", StringComparison.Ordinal) != depth >= Deep ? 1 : 0);
        return order.ElementAt(attempt % types.Count);
    }

    private static List<string> Types(SchemaSet set)
    {
        List<string>? common = null;
        foreach (var type in set.Values("type"))
        {
            var here =
                type.ValueKind == JsonValueKind.Array
                    ? type.EnumerateArray().Select(t => t.GetString() ?? "").ToList()
                    : [type.GetString() ?? ""];
            common = common is null ? here : Common(common, here);
        }

        return common ?? [Implied(set)];
    }

    private static List<string> Common(List<string> one, List<string> other)
    {
        var common = one.Intersect(other, StringComparer.Ordinal).ToList();
        // Integers are numbers: where one says number and the other integer, integer holds.
        var isWhole =
            (one.Contains("integer", StringComparer.Ordinal) && other.Contains("number", StringComparer.Ordinal))
            || (one.Contains("number", StringComparer.Ordinal) && other.Contains("integer", StringComparer.Ordinal));
        return isWhole ? [.. common.Where(t => t is not "number"), "integer"] : common;
    }

    private static string Implied(SchemaSet set)
    {
        foreach (var schema in set.Schemas)
        {
            foreach (var keyword in schema.EnumerateObject())
            {
                switch (keyword.Name)
                {
                    case "properties" or "required" or "additionalProperties" or "minProperties" or "patternProperties":
                        return "object";
                    case "items" or "prefixItems" or "minItems" or "maxItems" or "contains" or "uniqueItems":
                        return "array";
                    case "minimum" or "maximum" or "multipleOf" or "exclusiveMinimum" or "exclusiveMaximum":
                        return "number";
                    default:
                        break;
                }
            }
        }

        return "string";
    }

    private static JsonValue Number(double value) =>
        !double.IsFinite(value) ? JsonValue.Create(0)
        : Math.Floor(value).Equals(value) && Math.Abs(value) < 1e15 ? JsonValue.Create((long)value)
        : JsonValue.Create(value);
}
