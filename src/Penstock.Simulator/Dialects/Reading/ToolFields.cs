using System.Text.Json;
using Penstock.Simulator.Answers;

namespace Penstock.Simulator.Dialects.Reading;

/// <summary>The tools of a request, and what it says of their use.</summary>
internal static class ToolFields
{
    public static string? Name(JsonElement tool) =>
        tool.ValueKind == JsonValueKind.Object
        && tool.TryGetProperty("function", out var function)
        && function.ValueKind == JsonValueKind.Object
        && function.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
            ? RequestFields.Text(name)
            : null;

    public static List<Tool> Read(RequestFields fields)
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
                throw fields.Wrong(place, "model_attributes_type", "Input should be a valid dictionary", item);
            }

            if (
                item.TryGetProperty("type", out var type)
                && !(type.ValueKind == JsonValueKind.String && type.ValueEquals("function"))
            )
            {
                throw fields.Wrong($"{place}.type", "literal_error", "Input should be 'function'", type);
            }

            if (Name(item) is not { } name)
            {
                throw fields.Wrong($"{place}.function", "missing", "Field required", item);
            }

            tools.Add(new Tool(name, Parameters(fields, item, place)));
        }

        return tools;
    }

    public static (ToolChoice Choice, string? Name) Choice(RequestFields fields, bool hasTools)
    {
        if (!fields.Has("tool_choice"))
        {
            return (hasTools ? ToolChoice.Auto : ToolChoice.None, null);
        }

        return fields.Get("tool_choice") switch
        {
            { ValueKind: JsonValueKind.Object } named => Name(named) is { } name
                ? (ToolChoice.Named, name)
                : throw fields.Wrong("tool_choice.function.name", "missing", "Field required", named),
            { ValueKind: JsonValueKind.String } word when word.ValueEquals("auto") => (ToolChoice.Auto, null),
            { ValueKind: JsonValueKind.String } word when word.ValueEquals("required") => (ToolChoice.Required, null),
            { ValueKind: JsonValueKind.String } => (ToolChoice.None, null),
            // An explicit null leaves it to the model, as leaving the field out does.
            _ => (hasTools ? ToolChoice.Auto : ToolChoice.None, null),
        };
    }

    private static JsonElement? Parameters(RequestFields fields, JsonElement tool, string place)
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
            : throw fields.Wrong(
                $"{place}.function.parameters",
                "dict_type",
                "Input should be a valid dictionary",
                schema
            );
    }
}
