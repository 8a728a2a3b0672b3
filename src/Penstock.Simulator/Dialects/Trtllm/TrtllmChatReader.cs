using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>How trtllm-serve reads a chat request: strict about its fields, careless about the model's name.</summary>
internal sealed class TrtllmChatReader(SimulatorOptions options) : ChatReader(new TrtllmComplaints(), options)
{
    private static readonly ToolWording Calls = new() { IdPrefix = "chatcmpl-tool-" };

    // Its deltas have no id.
    private static readonly ToolWording NamedCall = new()
    {
        IdPrefix = "chatcmpl-tool-",
        NamedFinish = "stop",
        HasId = false,
    };

    private static readonly NumberRule[] Ranges =
    [
        new("temperature", 0, double.MaxValue, "require temperature >= 0.0, got {0}"),
        new("top_p", 0, 1, "require 0.0 <= top_p <= 1.0, got {0}"),
        new("n", 1, double.MaxValue, "require n >= 1, got {0}"),
    ];

    protected override IReadOnlyList<string> ReasoningKeys { get; } = ["reasoning", "reasoning_content"];

    protected override IReadOnlySet<string> KnownFields => TrtllmFields.Known;

    protected override HttpReply UnknownField(string name) => ErrorJson.Text(400, Pydantic.Forbidden(name));

    protected override ToolWording Wording(ToolChoice choice) => choice == Answers.ToolChoice.Named ? NamedCall : Calls;

    protected override void CheckRules(RequestFields fields)
    {
        if (fields.Get("model") is null)
        {
            throw fields.Missing("model");
        }

        if (fields.IsTruthy("stream_options") && !fields.IsTruthy("stream"))
        {
            throw Complaints.Against("Stream options can only be defined when `stream` is true.");
        }

        if (fields.IsTruthy("top_logprobs") && !fields.IsTruthy("logprobs"))
        {
            throw Complaints.Against("when using `top_logprobs`, `logprobs` must be set to true.");
        }

        if (fields.Get("tool_choice") is not null && fields.Get("tools") is null)
        {
            throw Complaints.Against("When using `tool_choice`, `tools` must be set.");
        }
    }

    protected override void CheckTypes(RequestFields fields)
    {
        fields.Object("logit_bias");
        fields.String("user");
        if (fields.Number("priority") is < 0 or > 1)
        {
            throw Complaints.Against("Input should be between 0 and 1: priority");
        }

        if (fields.String("cache_salt") is "")
        {
            throw Complaints.Against("Parameter 'cache_salt' must be a non-empty string if provided.");
        }
    }

    protected override void CheckRanges(RequestFields fields) => NumberRule.Check(fields, Ranges);

    // Not truly enforced: the model is free to call or not, as under auto.
    protected override (ToolChoice Choice, string? Name) ToolChoice(RequestFields fields, bool hasTools)
    {
        var (choice, name) = base.ToolChoice(fields, hasTools);
        return choice == Answers.ToolChoice.Required ? (Answers.ToolChoice.Auto, null) : (choice, name);
    }

    /// <summary>Whoever gives stream options gets usage, unless they say no.</summary>
    protected override (bool Usage, bool Everywhere) Usage(RequestFields fields)
    {
        if (fields.Within("stream_options") is not { } asked)
        {
            return (false, false);
        }

        var usage = asked.Boolean("include_usage") ?? true;
        return (usage, usage && Options.ContinuousUsage && (asked.Boolean("continuous_usage_stats") ?? false));
    }

    protected override AnswerFormat Format(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        // Besides OpenAI's types there are "json" with the bare schema and "regex" with the pattern.
        return FormatFields.Type(format) switch
        {
            "json" => format.TryGetProperty("schema", out var schema)
                ? FormatFields.Instance(schema) ?? AnswerFormat.Text
                : AnswerFormat.Text,
            "regex" => format.TryGetProperty("regex", out var regex)
                ? FormatFields.Pattern(regex) ?? AnswerFormat.Text
                : AnswerFormat.Text,
            _ => FormatFields.Response(fields, "text", "json_object", "json_schema", "ebnf", "structural_tag"),
        };
    }

    /// <summary>Asking for more than fits is no mistake here: it is cut.</summary>
    protected override ChatRequest Fit(RequestFields fields, ChatRequest request)
    {
        var room = Options.MaxModelLen - request.PromptTokens;
        var (field, asked) = Asked(fields);
        return room >= 1
            ? request with
            {
                MaxTokens = (int)(asked > 0 ? Math.Min(asked, room) : room),
                Model = Options.Models[0],
            }
            : throw new RefusalException(
                Complaints.TooLong(new ContextOverrun(field, asked, request.PromptTokens, Options.MaxModelLen))
            );
    }
}
