using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Penstock.Registry.Reading;

namespace Penstock.Management;

/// <summary>A body in the OpenAPI document, made of the table that its reader obeys.</summary>
internal static class BodySchema
{
    public static OpenApiSchema Of(FieldTable table, Audience audience)
    {
        var fields = table.Fields.Where(field => (field.AllowedTo & audience) != Audience.None).ToList();
        return new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            AdditionalPropertiesAllowed = false,
            Properties = fields.ToDictionary(
                field => field.Name,
                field => (IOpenApiSchema)Of(field, audience),
                StringComparer.Ordinal
            ),
            Required = fields
                .Where(field => IsRequired(field, audience))
                .Select(field => field.Name)
                .ToHashSet(StringComparer.Ordinal),
        };
    }

    private static bool IsRequired(Field field, Audience audience) => (field.RequiredBy & audience) != Audience.None;

    /// <summary>One field of it.</summary>
    public static OpenApiSchema Of(Field field, Audience audience)
    {
        var schema = field.Kind switch
        {
            FieldKind.Text => Text(field),
            FieldKind.Integer => Number(JsonSchemaType.Integer, field),
            FieldKind.Number => Number(JsonSchemaType.Number, field),
            FieldKind.Boolean => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldKind.Uuid => new OpenApiSchema { Type = JsonSchemaType.String, Format = "uuid" },
            FieldKind.Duration or FieldKind.Moment => new OpenApiSchema { Type = JsonSchemaType.String },
            FieldKind.Texts => List(Text(field), field),
            FieldKind.Objects => List(Of(field.Fields!, audience), field),
            FieldKind.Object => Of(field.Fields!, audience),
            FieldKind.ObjectOrWord => new OpenApiSchema
            {
                OneOf =
                [
                    new OpenApiSchema { Type = JsonSchemaType.String, Enum = [JsonValue.Create(field.Word!)] },
                    Of(field.Fields!, audience),
                ],
            },
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Kind, "No such kind of field."),
        };
        if (!IsRequired(field, audience) && schema.Type is { } type)
        {
            // null stands for the default.
            schema.Type = type | JsonSchemaType.Null;
        }

        schema.Description = field.Meaning;
        return schema;
    }

    private static OpenApiSchema Text(Field field) =>
        new()
        {
            Type = JsonSchemaType.String,
            Enum = field.Values is { } values ? [.. values.Select(value => JsonValue.Create(value))] : null,
            MinLength = field.Form?.Shortest,
            MaxLength = field.Form?.Longest,
        };

    private static OpenApiSchema Number(JsonSchemaType type, Field field) =>
        new()
        {
            Type = type,
            Minimum = field.Min > double.MinValue ? field.Min.ToString(CultureInfo.InvariantCulture) : null,
            Maximum = field.Max < double.MaxValue ? field.Max.ToString(CultureInfo.InvariantCulture) : null,
        };

    private static OpenApiSchema List(OpenApiSchema items, Field field) =>
        new()
        {
            Type = JsonSchemaType.Array,
            Items = items,
            MinItems = field.Count.Least,
            MaxItems = field.Count.Most,
        };
}
