using System.Text.Json;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>
/// Several schemas that must all hold for one value: references followed, <c>allOf</c> opened, and one branch of each
/// <c>anyOf</c> and <c>oneOf</c> taken.
/// </summary>
internal sealed class SchemaSet
{
    private const int Parts = 256;
    private readonly SchemaDocument _document;
    private readonly List<JsonElement> _parts = [];
    private readonly bool _isDeep;

    /// <param name="document">Where references lead.</param>
    /// <param name="schemas">All must hold.</param>
    /// <param name="isDeep">Take the branches that end soonest.</param>
    /// <param name="attempt">The n-th attempt takes other branches than the one before.</param>
    /// <param name="dice">Chooses the first branch.</param>
    public SchemaSet(SchemaDocument document, IEnumerable<JsonElement> schemas, bool isDeep, int attempt, ref Dice dice)
    {
        _document = document;
        _isDeep = isDeep;
        foreach (var schema in schemas)
        {
            Open(schema, attempt, ref dice);
        }
    }

    public IReadOnlyList<JsonElement> Schemas => _parts;

    public IEnumerable<JsonElement> Values(string keyword)
    {
        foreach (var part in _parts)
        {
            if (part.TryGetProperty(keyword, out var value))
            {
                yield return value;
            }
        }
    }

    /// <summary>The largest of a lower limit.</summary>
    public int AtLeast(string keyword) => (int)Values(keyword).Select(v => v.GetDouble()).DefaultIfEmpty(0).Max();

    /// <summary>The smallest of an upper limit.</summary>
    public int AtMost(string keyword) =>
        (int)Math.Min(Values(keyword).Select(v => v.GetDouble()).DefaultIfEmpty(int.MaxValue).Min(), int.MaxValue);

    private void Open(JsonElement schema, int attempt, ref Dice dice)
    {
        if (schema.ValueKind != JsonValueKind.Object || _parts.Count > Parts)
        {
            return;
        }

        _parts.Add(schema);
        if (SchemaDocument.Reference(schema) is not null && _document.Resolve(schema) is { } target)
        {
            Open(target, attempt, ref dice);
        }

        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                Open(part, attempt, ref dice);
            }
        }

        Branch(schema, "anyOf", attempt, ref dice);
        Branch(schema, "oneOf", attempt, ref dice);
        // Whether the condition will hold is not known before the value is: both ways are tried in turn.
        if (schema.TryGetProperty("if", out var condition))
        {
            var holds = attempt % 2 == 0;
            if (holds)
            {
                Open(condition, attempt, ref dice);
            }

            if (schema.TryGetProperty(holds ? "then" : "else", out var consequence))
            {
                Open(consequence, attempt, ref dice);
            }
        }
    }

    private void Branch(JsonElement schema, string keyword, int attempt, ref Dice dice)
    {
        if (!schema.TryGetProperty(keyword, out var branches) || branches.GetArrayLength() == 0)
        {
            return;
        }

        var order = branches.EnumerateArray();
        var choice = _isDeep
            ? order.OrderBy(Weight).ElementAt(attempt % branches.GetArrayLength())
            : branches[(dice.Next(branches.GetArrayLength()) + attempt) % branches.GetArrayLength()];
        Open(choice, attempt, ref dice);
    }

    private static int Weight(JsonElement schema)
    {
        if (
            schema.ValueKind != JsonValueKind.Object
            || schema.TryGetProperty("const", out _)
            || schema.TryGetProperty("enum", out _)
        )
        {
            return 0;
        }

        return SchemaDocument.Reference(schema) is not null ? 4
            : !schema.TryGetProperty("type", out var type) ? 3
            : type.ValueKind == JsonValueKind.String && type.GetString() is "object" ? 2
            : type.ValueKind == JsonValueKind.String && type.GetString() is "array" ? 1
            : 0;
    }
}
