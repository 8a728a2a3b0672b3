using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The tools and formats of a request.</summary>
internal static class VllmTools
{
    public static string? Name(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object
        && tool.TryGetProperty("function", out var function)
        && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
            ? VllmFields.Text(name)
            : null;

    public static List<Tool> Read(VllmFields fields)
    {
        if (fields.List("tools") is not { } list)
        {
            return [];
        }

        var tools = new List<Tool>();
        foreach (var item in list.EnumerateArray())
        {
            var place = $"tools.{tools.Count}";
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw VllmFields.Wrong(place, "model_attributes_type", "Input should be a valid dictionary", item);
            }

            if (
                item.TryGetProperty("type", out var type)
                && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("function"))
            )
            {
                throw VllmFields.Wrong($"{place}.type", "literal_error", "Input should be 'function'", type);
            }

            if (Name(item) is not { } name)
            {
                throw VllmFields.Wrong($"{place}.function", "missing", "Field required", item);
            }

            tools.Add(new Tool(name, Parameters(item, place)));
        }

        return tools;
    }

    public static (ToolChoice Choice, string? Name) Choice(VllmFields fields, bool hasTools)
    {
        if (!fields.Has("tool_choice"))
        {
            return (hasTools ? ToolChoice.Auto : ToolChoice.None, null);
        }

        return fields.Get("tool_choice") switch
        {
            { ValueKind: JsonValueKind.Object } named => (
                ToolChoice.Named,
                VllmFields.Text(named.GetProperty("function").GetProperty("name"))
            ),
            { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") => (ToolChoice.Auto, null),
            { ValueKind: JsonValueKind.String } word when word.ValueEquals("required") => (ToolChoice.Required, null),
            { ValueKind: JsonValueKind.String } => (ToolChoice.None, null),
            // An explicit null leaves it to the model, as leaving the field out does.
            _ => (hasTools ? ToolChoice.Auto : ToolChoice.None, null),
        };
    }

    public static AnswerFormat Format(VllmFields fields)
    {
        if (fields.Object("structured_outputs") is { } structured)
        {
            return Structured(structured);
        }

        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        var type =
            format.TryGetProperty("type", out var kind) && kind.ValueKind == JsonValueKind.String
                ? VllmFields.Text(kind)
                : "";
        return type switch
        {
            "text" or "structural_tag" => AnswerFormat.Text,
            "json_object" => new AnswerFormat(AnswerKind.JsonObject),
            "json_schema" => Schema(format.GetProperty("json_schema")),
            _ => throw VllmFields.Wrong(
                "response_format.type",
                "literal_error",
                "Input should be 'text', 'json_object', 'json_schema' or 'structural_tag'",
                format
            ),
        };
    }

    private static JsonElement? Parameters(JsonElement tool, string place)
    {
        if (
            !tool.GetProperty("function").TryGetProperty("parameters", out var schema)
            || schema.ValueKind == JsonValueKind.Null
        )
        {
            return null;
        }

        return schema.ValueKind == JsonValueKind.Object
            ? schema
            : throw VllmFields.Wrong(
                $"{place}.function.parameters",
                "dict_type",
                "Input should be a valid dictionary",
                schema
            );
    }

    private static AnswerFormat Schema(JsonElement wrapper)
    {
        if (wrapper.ValueKind != JsonValueKind.Object)
        {
            throw VllmFields.Wrong(
                "response_format.json_schema",
                "model_attributes_type",
                "Input should be a valid dictionary",
                wrapper
            );
        }

        if (!wrapper.TryGetProperty("name", out var name) || name.ValueKind != JsonValueKind.String)
        {
            throw VllmFields.Wrong("response_format.json_schema.name", "missing", "Field required", wrapper);
        }

        if (!wrapper.TryGetProperty("schema", out var schema) || schema.ValueKind == JsonValueKind.Null)
        {
            throw new RefusalException(
                VllmErrors.Semantic("The 'json_schema' response format needs a 'schema'.", "response_format")
            );
        }

        return schema.ValueKind == JsonValueKind.Object
            ? new AnswerFormat(AnswerKind.JsonSchema) { Schema = schema }
            : throw VllmFields.Wrong(
                "response_format.json_schema.schema",
                "dict_type",
                "Input should be a valid dictionary",
                schema
            );
    }

    private static AnswerFormat Structured(JsonElement structured)
    {
        if (
            structured.TryGetProperty("choice", out var choice)
            && choice.ValueKind == JsonValueKind.Array
            && choice.GetArrayLength() > 0
        )
        {
            return new AnswerFormat(AnswerKind.OneOf)
            {
                Texts = [.. choice.EnumerateArray().Select(c => c.ToString())],
            };
        }

        if (structured.TryGetProperty("regex", out var regex) && regex.ValueKind == JsonValueKind.String)
        {
            return new AnswerFormat(AnswerKind.Pattern) { Pattern = VllmFields.Text(regex) };
        }

        return structured.TryGetProperty("json", out var json) && json.ValueKind == JsonValueKind.Object
            ? new AnswerFormat(AnswerKind.JsonSchema) { Schema = json }
            : AnswerFormat.Text;
    }
}
