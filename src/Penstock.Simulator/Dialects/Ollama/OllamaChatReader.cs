using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>
/// How Ollama reads a chat request: into a struct that lacks <c>max_completion_tokens</c>, <c>n</c>, <c>tool_choice</c>
/// and others, which are dropped without a word. A prompt that is too long is cut.
/// </summary>
internal sealed class OllamaChatReader(SimulatorOptions options) : ChatReader(new OllamaComplaints(), options)
{
    private static readonly ToolWording Calls = new() { IsWhole = true, HasIndexWhole = true };

    protected override IReadOnlyList<string> ReasoningKeys { get; } = ["reasoning"];

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckRules(RequestFields fields)
    {
        if (fields.List("messages") is { } messages && messages.GetArrayLength() == 0)
        {
            throw fields.Missing("messages");
        }
    }

    protected override void CheckTypes(RequestFields fields)
    {
        foreach (var name in (string[])["temperature", "top_p", "frequency_penalty", "presence_penalty"])
        {
            fields.Number(name);
        }
    }

    protected override string Model(RequestFields fields) => fields.String("model") ?? "";

    protected override void CheckModel(string model)
    {
        if (!IsServed(model, Options))
        {
            throw new RefusalException(OllamaErrors.UnknownModel(model));
        }
    }

    /// <summary>A name without a tag is the latest.</summary>
    public static bool IsServed(string model, SimulatorOptions options) =>
        options.Models.Any(m => Tagged(m).Equals(Tagged(model), StringComparison.Ordinal));

    public static string Tagged(string model) =>
        model.Contains(':', StringComparison.Ordinal) ? model : $"{model}:latest";

    protected override long Choices(RequestFields fields) => 1;

    protected override (ToolChoice Choice, string? Name) ToolChoice(RequestFields fields, bool hasTools) =>
        (hasTools ? Answers.ToolChoice.Auto : Answers.ToolChoice.None, null);

    protected override (string Field, long Tokens) Asked(RequestFields fields) =>
        ("max_tokens", fields.Integer("max_tokens") ?? 0);

    protected override AnswerFormat Format(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        return FormatFields.Type(format) switch
        {
            "json_object" => new AnswerFormat(AnswerKind.JsonObject),
            "json_schema" => format.TryGetProperty("json_schema", out var wrapper)
            && wrapper.ValueKind == JsonValueKind.Object
            && wrapper.TryGetProperty("schema", out var schema)
                ? FormatFields.Instance(schema) ?? AnswerFormat.Text
                : AnswerFormat.Text,
            _ => AnswerFormat.Text,
        };
    }

    protected override ChatRequest Fit(RequestFields fields, ChatRequest request)
    {
        // Half of the context at most is kept of a prompt that does not fit.
        var prompt = request.PromptTokens < Options.MaxModelLen ? request.PromptTokens : Options.MaxModelLen / 2;
        var asked = Asked(fields).Tokens;
        var room = Options.MaxModelLen - prompt;
        return request with { PromptTokens = prompt, MaxTokens = (int)(asked > 0 ? Math.Min(asked, room) : room) };
    }
}
