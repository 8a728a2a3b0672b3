using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>How OpenAI's own server reads a chat request.</summary>
internal sealed class OpenaiChatReader(SimulatorOptions options) : ChatReader(new OpenaiComplaints(), options)
{
    private const int MostStops = 4;

    private static readonly ToolWording Calls = new() { NamedFinish = "stop" };

    private static readonly NumberRule[] Ranges =
    [
        .. Range("temperature", 0, 2),
        .. Range("top_p", 0, 1),
        .. Range("frequency_penalty", -2, 2),
        .. Range("presence_penalty", -2, 2),
        .. Range("n", 1, 128),
        .. Range("top_logprobs", 0, 20),
    ];

    // What the model thinks is counted and not shown.
    protected override IReadOnlyList<string> ReasoningKeys { get; } = [];

    protected override IReadOnlySet<string> KnownFields => OpenaiFields.Known;

    protected override HttpReply UnknownField(string name) =>
        OpenaiErrors.Reply(400, OpenaiErrors.Invalid, $"Unrecognized request argument supplied: {name}");

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckRules(RequestFields fields)
    {
        if (fields.String("model") is null)
        {
            throw Complaints.Against("you must provide a model parameter");
        }

        if (fields.Has("stream_options") && fields.Boolean("stream") is not true)
        {
            throw Complaints.Against(
                "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
                "stream_options"
            );
        }

        if (fields.List("tools") is { } tools && tools.GetArrayLength() == 0)
        {
            throw Complaints.Against("[] is too short - 'tools'", "tools");
        }

        if (fields.Get("tool_choice") is not null && fields.Get("tools") is null)
        {
            throw Complaints.Against(
                "Invalid value for 'tool_choice': 'tool_choice' is only allowed when 'tools' are specified.",
                "tool_choice"
            );
        }

        if (fields.Get("top_logprobs") is not null && fields.Boolean("logprobs") is not true)
        {
            throw Complaints.Against(
                "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
                "top_logprobs"
            );
        }
    }

    protected override void CheckTypes(RequestFields fields)
    {
        fields.Object("logit_bias");
        fields.String("user");
        fields.Object("metadata");
        fields.Boolean("store");
    }

    protected override void CheckModel(string model)
    {
        if (!Options.Models.Contains(model, StringComparer.Ordinal))
        {
            throw new RefusalException(OpenaiErrors.UnknownModel(model));
        }
    }

    protected override void CheckRanges(RequestFields fields)
    {
        NumberRule.Check(fields, Ranges);
        if (fields.Strings("stop").Count > MostStops)
        {
            throw fields.Senseless(
                $"Invalid 'stop': array too long. Expected an array with maximum length {MostStops}.",
                "stop"
            );
        }
    }

    protected override AnswerFormat Format(RequestFields fields) =>
        FormatFields.Response(fields, "text", "json_object", "json_schema");

    private static NumberRule[] Range(string field, int least, int most) =>
        [
            new(
                field,
                double.MinValue,
                most,
                $"Invalid '{field}': decimal above maximum value. Expected a value <= {most}, but got {{0}} instead."
            ),
            new(
                field,
                least,
                double.MaxValue,
                $"Invalid '{field}': decimal below minimum value. Expected a value >= {least}, but got {{0}} instead."
            ),
        ];
}
