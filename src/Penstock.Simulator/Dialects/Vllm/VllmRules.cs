using System.Text.Json;
using Penstock.Simulator.Dialects.Reading;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The rules between fields that vLLM checks on the raw body, before it looks at types.</summary>
internal sealed class VllmRules(Complaints complaints)
{
    private const string ToolUsage = """Correct usage: `{"type": "function", "function": {"name": "my_function"}}`""";

    public void Check(RequestFields fields)
    {
        if (fields.IsTruthy("continue_final_message") && fields.IsTruthy("add_generation_prompt"))
        {
            Refuse("Cannot set both `continue_final_message` and `add_generation_prompt` to True.");
        }

        CheckTools(fields);
        CheckConstraints(fields);
        CheckLogProbs(fields);
        if (fields.IsTruthy("stream_options") && !fields.IsTruthy("stream"))
        {
            Refuse("Stream options can only be defined when `stream=True`.", "stream_options");
        }

        if (
            fields.Get("response_format") is { ValueKind: JsonValueKind.Object } format
            && Is(format, "type", "json_schema")
            && (!format.TryGetProperty("json_schema", out var schema) || schema.ValueKind == JsonValueKind.Null)
        )
        {
            Refuse(
                "When response_format type is 'json_schema', the 'json_schema' field must be provided.",
                "response_format"
            );
        }
    }

    private void CheckTools(RequestFields fields)
    {
        var tools = fields.Get("tools");
        if (tools is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 0)
        {
            Refuse(
                "`tools` must not be an empty array. Either provide at least one tool or omit the field entirely.",
                "tools"
            );
        }

        if (fields.Get("tool_choice") is not { } choice || IsText(choice, "none"))
        {
            return;
        }

        if (tools is null)
        {
            Refuse("When using `tool_choice`, `tools` must be set.", "tool_choice");
        }

        if (choice.ValueKind == JsonValueKind.Object)
        {
            CheckNamedTool(choice, tools!.Value);
        }
        else if (!IsText(choice, "auto") && !IsText(choice, "required"))
        {
            Refuse(
                $"Invalid value for `tool_choice`: {choice}! Only named tools, \"none\", \"auto\" or \"required\" are supported.",
                "tool_choice"
            );
        }
    }

    private void CheckNamedTool(JsonElement choice, JsonElement tools)
    {
        if (!choice.TryGetProperty("function", out var function) || function.ValueKind != JsonValueKind.Object)
        {
            Refuse($"Invalid value for `function`: `{function}` in `tool_choice`! {ToolUsage}", "tool_choice.function");
        }

        if (!function.TryGetProperty("name", out var name))
        {
            Refuse($"Expected field `name` in `function` in `tool_choice`! {ToolUsage}", "tool_choice.function.name");
        }

        if (name.ValueKind != JsonValueKind.String || RequestFields.Text(name).Length == 0)
        {
            Refuse(
                $"Invalid `name` in `function`: `{name}` in `tool_choice`! {ToolUsage}",
                "tool_choice.function.name"
            );
        }

        var isKnown =
            tools.ValueKind == JsonValueKind.Array
            && tools.EnumerateArray().Any(t => ToolFields.Name(t) is { } known && name.ValueEquals(known));
        if (!isKnown)
        {
            Refuse("The tool specified in `tool_choice` does not match any of the specified `tools`", "tool_choice");
        }
    }

    private void CheckConstraints(RequestFields fields)
    {
        if (fields.Get("structured_outputs") is not { ValueKind: JsonValueKind.Object } structured)
        {
            return;
        }

        string[] kinds = ["json", "regex", "choice"];
        if (kinds.Count(k => structured.TryGetProperty(k, out var value) && value.ValueKind != JsonValueKind.Null) > 1)
        {
            Refuse("You can only use one kind of constraints for structured outputs ('json', 'regex' or 'choice').");
        }
    }

    private void CheckLogProbs(RequestFields fields)
    {
        if (fields.Get("prompt_logprobs") is { } prompt && Count(prompt, "prompt_logprobs") is var promptCount)
        {
            if (fields.IsTruthy("stream") && promptCount is > 0 or -1)
            {
                Refuse("`prompt_logprobs` are not available when `stream=True`.", "prompt_logprobs");
            }

            if (promptCount < 0 && !promptCount.Equals(-1))
            {
                Refuse("`prompt_logprobs` must be a positive value or -1.", "prompt_logprobs", prompt.ToString());
            }
        }

        if (fields.Get("top_logprobs") is not { } top)
        {
            return;
        }

        var count = Count(top, "top_logprobs");
        if (count < 0 && !count.Equals(-1))
        {
            Refuse("`top_logprobs` must be a positive value or -1.", "top_logprobs", top.ToString());
        }

        if (!count.Equals(0) && !fields.IsTruthy("logprobs"))
        {
            Refuse("when using `top_logprobs`, `logprobs` must be set to true.", "top_logprobs");
        }
    }

    private double Count(JsonElement value, string name)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean() ? 1 : 0;
        }

        if (value.ValueKind != JsonValueKind.Number)
        {
            Refuse($"`{name}` must be an integer.", name, value.ToString());
        }

        return value.GetDouble();
    }

    private static bool Is(JsonElement item, string name, string text) =>
        item.TryGetProperty(name, out var value) && IsText(value, text);

    private static bool IsText(JsonElement value, string text) =>
        value.ValueKind == JsonValueKind.String && value.ValueEquals(text);

    [System.Diagnostics.CodeAnalysis.DoesNotReturn]
    private void Refuse(string message, string? param = null, string? value = null) =>
        throw complaints.Against(message, param, value);
}
