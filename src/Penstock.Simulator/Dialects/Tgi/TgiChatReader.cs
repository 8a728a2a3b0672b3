using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>How TGI reads a chat request: strict types, stop strings only in a list, no choices beside the first.</summary>
internal sealed class TgiChatReader(SimulatorOptions options) : ChatReader(new TgiComplaints(), options)
{
    private static readonly ToolWording Calls = new() { IdPrefix = "" };

    private static readonly NumberRule[] Ranges =
    [
        new("temperature", 0, double.MaxValue, "`temperature` must be strictly positive"),
        new("top_p", NumberRule.AboveZero, double.BitDecrement(1), "`top_p` must be > 0.0 and < 1.0"),
        new("frequency_penalty", -2, 2, "`frequency_penalty` must be >= -2.0 and <= 2.0"),
        new("top_logprobs", 0, 5, "`top_logprobs` must be >= 0 and <= 5"),
        new("max_tokens", 1, double.MaxValue, "`max_new_tokens` must be strictly positive"),
    ];

    protected override IReadOnlyList<string> ReasoningKeys { get; } = [];

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckContentType(HttpRequest request)
    {
        if (!request.IsJson)
        {
            throw new RefusalException(TgiErrors.Text(415, "Expected request with `Content-Type: application/json`"));
        }
    }

    protected override void CheckRules(RequestFields fields)
    {
        if (fields.Get("stop") is { ValueKind: JsonValueKind.String } stop)
        {
            throw fields.Wrong("stop", "list_type", "Input should be a sequence", stop);
        }

        if (fields.IsTruthy("tools") && fields.IsTruthy("response_format"))
        {
            throw Complaints.Against("Grammar and tools are mutually exclusive");
        }
    }

    protected override void CheckRanges(RequestFields fields) => NumberRule.Check(fields, Ranges);

    // Whatever was asked for, there is one model.
    protected override string Model(RequestFields fields) => Options.Models[0];

    protected override long Choices(RequestFields fields) => 1;

    protected override (string Field, long Tokens) Asked(RequestFields fields) =>
        ("max_tokens", fields.Integer("max_tokens") ?? 0);

    protected override AnswerFormat Format(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return AnswerFormat.Text;
        }

        // Its own types keep what they prescribe under "value".
        JsonElement? value = format.TryGetProperty("value", out var given) ? given : null;
        return FormatFields.Type(format) switch
        {
            "json" or "json_object" => FormatFields.Instance(value) ?? new AnswerFormat(AnswerKind.JsonObject),
            "regex" => FormatFields.Pattern(value) ?? AnswerFormat.Text,
            _ => FormatFields.Response(fields, "text", "json_schema"),
        };
    }
}
