using System.Text.Json.Nodes;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>The JSON Schema of the declarative file, made of the table the reader itself obeys.</summary>
internal static class RegistrySchema
{
    private const string DurationPattern = "^[0-9]+(ms|s|m|h|d)$";

    public static JsonObject Build()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "Penstock: the declarative file",
        };
        foreach (var (name, value) in Object(FieldTables.File))
        {
            schema[name] = value?.DeepClone();
        }

        return schema;
    }

    private static JsonObject Object(FieldTable table)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (var field in table.Fields.Where(field => (field.AllowedTo & Audience.File) != Audience.None))
        {
            properties[field.Name] = Of(field);
            if ((field.RequiredBy & Audience.File) != Audience.None)
            {
                required.Add((JsonNode)field.Name);
            }
        }

        var schema = new JsonObject
        {
            ["type"] = "object",
            ["additionalProperties"] = false,
            ["properties"] = properties,
        };
        if (required.Count > 0)
        {
            schema["required"] = required;
        }

        if (table == FieldTables.Key)
        {
            schema["oneOf"] = new JsonArray(Requires("sha256"), Requires("secret_env"));
        }

        if (table == FieldTables.Replica)
        {
            schema["oneOf"] = new JsonArray(Requires("url"), Requires("runpod"));
        }

        return schema;
    }

    private static JsonObject Requires(string field) => new() { ["required"] = new JsonArray(field) };

    private static JsonObject Of(Field field)
    {
        var schema = field.Kind switch
        {
            FieldKind.Text => Text(field),
            FieldKind.Integer => Number("integer", field),
            FieldKind.Number => Number("number", field),
            FieldKind.Boolean => new JsonObject { ["type"] = "boolean" },
            FieldKind.Uuid => new JsonObject { ["type"] = "string", ["format"] = "uuid" },
            FieldKind.Duration => new JsonObject { ["type"] = "string", ["pattern"] = DurationPattern },
            FieldKind.Moment => new JsonObject { ["type"] = "string" },
            FieldKind.Texts => List(Text(field), field),
            FieldKind.Objects => List(Object(field.Fields!), field),
            FieldKind.Object => Object(field.Fields!),
            FieldKind.ObjectOrWord => new JsonObject
            {
                ["oneOf"] = new JsonArray(new JsonObject { ["const"] = field.Word }, Object(field.Fields!)),
            },
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "No such kind of field."),
        };
        schema["description"] = field.Meaning;
        return schema;
    }

    private static JsonObject Text(Field field)
    {
        var schema = new JsonObject { ["type"] = "string" };
        if (field.Values is { } values)
        {
            schema["enum"] = new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }

        if (field.Form is { } form)
        {
            // The end of the text is \z to .NET and $ to ECMAScript, whose patterns a schema has.
            schema["pattern"] = form.Pattern.Replace("\\z", "$", StringComparison.Ordinal);
            schema["minLength"] = form.Shortest;
            schema["maxLength"] = form.Longest;
        }

        return schema;
    }

    private static JsonObject Number(string type, Field field)
    {
        var schema = new JsonObject { ["type"] = type };
        if (field.Min > double.MinValue)
        {
            schema["minimum"] = field.Min;
        }

        if (field.Max < double.MaxValue)
        {
            schema["maximum"] = field.Max;
        }

        return schema;
    }

    private static JsonObject List(JsonObject items, Field field)
    {
        var schema = new JsonObject { ["type"] = "array", ["items"] = items };
        if (field.Count.Least > 0)
        {
            schema["minItems"] = field.Count.Least;
        }

        schema["maxItems"] = field.Count.Most;
        return schema;
    }
}
