using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>
/// How llama-server reads a chat request: a model's name is ignored, sampling out of range is clamped without a word, a
/// tool choice is a word or nothing.
/// </summary>
internal sealed class LlamacppChatReader(SimulatorOptions options) : ChatReader(new LlamacppComplaints(), options)
{
    // As many slots as it opens by itself.
    public const int DefaultSlots = 4;

    // What it shows where log-probabilities are wanted and nobody says how many.
    private const int DefaultTop = 20;

    private static readonly ToolWording Calls = new() { IdPrefix = "" };

    protected override IReadOnlyList<string> ReasoningKeys { get; } = ["reasoning_content"];

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckRules(RequestFields fields)
    {
        if (fields.IsTruthy("top_logprobs") && !fields.IsTruthy("logprobs"))
        {
            throw Complaints.Against("top_logprobs requires logprobs to be set to true");
        }

        if (fields.IsTruthy("tools") && fields.IsTruthy("grammar"))
        {
            throw Complaints.Against("Cannot use custom grammar constraints with tools.");
        }

        if (fields.IsTruthy("tools") && fields.IsTruthy("logprobs") && fields.IsTruthy("stream"))
        {
            throw Complaints.Against("logprobs is not supported with tools + stream");
        }
    }

    // The sampling fields are clamped, so that only their types can be wrong.
    protected override void CheckTypes(RequestFields fields)
    {
        foreach (var name in (string[])["temperature", "top_p", "min_p", "top_k"])
        {
            fields.Number(name);
        }
    }

    protected override void CheckRanges(RequestFields fields)
    {
        var slots = Options.MaxRunning > 0 ? Options.MaxRunning : DefaultSlots;
        if (Choices(fields) > slots)
        {
            throw Complaints.Against("n_cmpl cannot be greater than the number of slots, please increase -np");
        }

        if (Choices(fields) < 1)
        {
            throw Complaints.Against("n must be at least 1");
        }

        if (Asked(fields).Tokens < -1)
        {
            throw Complaints.Against("n_predict must be at least -1");
        }
    }

    protected override string Model(RequestFields fields) => Options.Models[0];

    protected override bool Continues(RequestFields fields)
    {
        var continues = fields.Boolean("continue_final_message") ?? false;
        return !continues || fields.Boolean("add_generation_prompt") is not true
            ? continues
            : throw Complaints.Against("Cannot set both add_generation_prompt and continue_final_message to true.");
    }

    protected override int TopLogProbs(long asked) => asked == 0 ? DefaultTop : base.TopLogProbs(asked);

    // An object is not a word: a named function falls back to auto.
    protected override (ToolChoice Choice, string? Name) ToolChoice(RequestFields fields, bool hasTools) =>
        fields.Get("tool_choice") is { ValueKind: JsonValueKind.Object }
            ? (hasTools ? Answers.ToolChoice.Auto : Answers.ToolChoice.None, null)
            : base.ToolChoice(fields, hasTools);

    protected override AnswerFormat Format(RequestFields fields)
    {
        if (FormatFields.Instance(fields.Get("json_schema")) is { } bare)
        {
            return bare;
        }

        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        return FormatFields.Type(format) switch
        {
            "json_object" => format.TryGetProperty("schema", out var schema)
                ? FormatFields.Instance(schema) ?? new AnswerFormat(AnswerKind.JsonObject)
                : new AnswerFormat(AnswerKind.JsonObject),
            "json_schema" => format.TryGetProperty("json_schema", out var wrapper)
            && wrapper.ValueKind == JsonValueKind.Object
            && wrapper.TryGetProperty("schema", out var inner)
                ? FormatFields.Instance(inner) ?? AnswerFormat.Text
                : AnswerFormat.Text,
            "" or "text" => AnswerFormat.Text,
            var other => throw Complaints.Against(
                $"response_format type must be one of \"text\" or \"json_object\", but got: {other}"
            ),
        };
    }

    /// <summary>An answer that grows beyond the context is cut there; only the prompt must fit.</summary>
    protected override ChatRequest Fit(RequestFields fields, ChatRequest request)
    {
        var room = Options.MaxModelLen - request.PromptTokens;
        var (field, asked) = Asked(fields);
        return room >= 1
            ? request with
            {
                MaxTokens = (int)(asked > 0 ? Math.Min(asked, room) : room),
            }
            : throw new RefusalException(
                Complaints.TooLong(new ContextOverrun(field, asked, request.PromptTokens, Options.MaxModelLen))
            );
    }
}
