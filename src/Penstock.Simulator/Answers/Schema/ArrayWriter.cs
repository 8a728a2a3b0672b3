using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>Writes an array: at least what it must hold, one or two more where nothing forbids it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly ref struct ArrayWriter(SchemaInstance instance, SchemaSet set, string name, int depth)
{
    // Deeper arrays stay as short as they may be, or a recursive schema would grow without end.
    private const int OptionalDepth = 4;

    // A client may ask for any number of items; no answer needs more.
    private const int Most = 1000;

    public JsonArray Write(ref Dice dice)
    {
        var isUnique = set.Values("uniqueItems").Any(u => u.ValueKind == JsonValueKind.True);
        var contained = set.Values("contains").ToList();
        var count = Count(contained.Count > 0 ? Math.Max(set.AtLeast("minContains"), 1) : 0, ref dice);
        var node = new JsonArray();
        for (var i = 0; i < count; i++)
        {
            var item = Item(i, isUnique ? node : null, i == 0 ? contained : []);
            if (isUnique && i >= set.AtLeast("minItems") && node.Any(other => JsonNodes.AreEqual(other, item)))
            {
                // There are no more different ones, and there need not be.
                break;
            }

            node.Add(item);
        }

        return node;
    }

    private int Count(int contained, ref Dice dice)
    {
        var least = Math.Max(set.AtLeast("minItems"), contained);
        var tuple = set.Values("prefixItems")
            .Concat(set.Values("items"))
            .Where(i => i.ValueKind == JsonValueKind.Array);
        var places = tuple.Select(t => t.GetArrayLength()).DefaultIfEmpty(0).Max();
        var isClosed = set.Values("items")
            .Concat(set.Values("additionalItems"))
            .Any(i => i.ValueKind == JsonValueKind.False);
        var most = Math.Min(set.AtMost("maxItems"), isClosed ? places : Most);
        var more = depth >= OptionalDepth ? 0 : 1 + dice.Next(2);
        var wanted = places > 0 && depth < OptionalDepth ? Math.Max(least, places) : least + more;
        return Math.Min(wanted, Math.Max(most, 0));
    }

    private JsonNode? Item(int index, JsonArray? others, List<JsonElement> contained)
    {
        var schemas = new List<JsonElement>(contained);
        foreach (var schema in set.Schemas)
        {
            if (ArrayCheck.ItemSchema(schema, index) is { } item)
            {
                schemas.Add(item);
            }
        }

        JsonNode? node;
        var tries = 0;
        do
        {
            node = instance.Value(schemas, name, depth + 1);
        } while (others is not null && ++tries < 32 && others.Any(o => JsonNodes.AreEqual(o, node)));

        return node;
    }
}
