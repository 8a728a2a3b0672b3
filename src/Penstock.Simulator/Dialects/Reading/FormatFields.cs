using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>The form that a request prescribes for its answer, in the words that engines share.</summary>
internal static class FormatFields
{
    /// <param name="fields">The request's.</param>
    /// <param name="types">The values of <c>response_format.type</c> that the engine knows.</param>
    public static AnswerFormat Response(RequestFields fields, params string[] types)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        var type = Type(format);
        if (!types.Contains(type, StringComparer.Ordinal))
        {
            var known = string.Join(", ", types.SkipLast(1).Select(t => $"'{t}'"));
            throw fields.Wrong(
                "response_format.type",
                "literal_error",
                $"Input should be {known} or '{types[^1]}'",
                format
            );
        }

        return type switch
        {
            "json_object" => new AnswerFormat(AnswerKind.JsonObject),
            "json_schema" => Schema(fields, format),
            _ => AnswerFormat.Text,
        };
    }

    public static string Type(JsonElement format) =>
        format.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String
            ? RequestFields.Text(kind)
            : "";

    public static AnswerFormat? Pattern(JsonElement? regex) =>
        regex is { ValueKind: JsonValueKind.String } pattern
            ? new AnswerFormat(AnswerKind.Pattern) { Pattern = RequestFields.Text(pattern) }
            : null;

    public static AnswerFormat? Instance(JsonElement? schema) =>
        schema is { ValueKind: JsonValueKind.Object } given
            ? new AnswerFormat(AnswerKind.JsonSchema) { Schema = given }
            : null;

    private static AnswerFormat Schema(RequestFields fields, JsonElement format)
    {
        if (!format.TryGetProperty("json_schema", out var wrapper) || wrapper.ValueKind != JsonValueKind.Object)
        {
            throw fields.Wrong(
                "response_format.json_schema",
                "model_attributes_type",
                "Input should be a valid dictionary",
                wrapper
            );
        }

        if (!wrapper.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw fields.Wrong("response_format.json_schema.name", "missing", "Field required", wrapper);
        }

        if (!wrapper.TryGetProperty("schema", out var schema) || schema.ValueKind == JsonValueKind.Null)
        {
            throw fields.Senseless("The 'json_schema' response format needs a 'schema'.", "response_format");
        }

        return Instance(schema)
            ?? throw fields.Wrong(
                "response_format.json_schema.schema",
                "dict_type",
                "Input should be a valid dictionary",
                schema
            );
    }
}
