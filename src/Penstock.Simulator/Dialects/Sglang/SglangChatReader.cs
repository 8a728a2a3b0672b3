using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>How SGLang reads a chat request. A model's name is not checked: the answer repeats what was asked for.</summary>
internal sealed class SglangChatReader(SimulatorOptions options) : ChatReader(new SglangComplaints(), options)
{
    private static readonly ToolWording Calls = new() { HasIndexWhole = true };

    private static readonly NumberRule[] Ranges =
    [
        new("temperature", 0, double.MaxValue, "temperature must be non-negative, got {0}."),
        new("top_p", NumberRule.AboveZero, 1, "top_p must be in (0, 1], got {0}."),
        new("min_p", 0, 1, "min_p must be in [0, 1], got {0}."),
        new("top_k", -1, double.MaxValue, "top_k must be -1 (disable) or at least 1, got {0}."),
        new("frequency_penalty", -2, 2, "frequency_penalty must be in [-2, 2], got {0}."),
        new("presence_penalty", -2, 2, "presence_penalty must be in [-2, 2], got {0}."),
        new("n", 1, double.MaxValue, "n must be at least 1, got {0}."),
    ];

    protected override IReadOnlyList<string> ReasoningKeys { get; } = ["reasoning_content"];

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckContentType(HttpRequest request)
    {
        if (!request.IsJson)
        {
            throw Complaints.Against("Unsupported Media Type: Only 'application/json' is allowed");
        }
    }

    protected override string Model(RequestFields fields) => fields.String("model") ?? "default";

    protected override bool Continues(RequestFields fields) => fields.Boolean("continue_final_message") ?? false;

    protected override void CheckTypes(RequestFields fields)
    {
        fields.Object("logit_bias");
        fields.String("user");
        fields.String("cache_salt");
        fields.Integer("priority");
    }

    protected override void CheckRanges(RequestFields fields)
    {
        if (fields.Root.GetProperty("messages").GetArrayLength() == 0)
        {
            throw fields.Senseless("Messages cannot be empty.");
        }

        var (choice, name) = ToolFields.Choice(fields, fields.IsTruthy("tools"));
        if (choice is Answers.ToolChoice.Required && !fields.IsTruthy("tools"))
        {
            throw fields.Senseless("Tools cannot be empty if tool choice is set to required.");
        }

        if (name is not null && !ToolFields.Read(fields).Exists(t => t.Name.Equals(name, StringComparison.Ordinal)))
        {
            throw fields.Senseless($"Tool '{name}' not found in tools list.");
        }

        NumberRule.Check(fields, Ranges);
    }

    protected override (bool Usage, bool Everywhere) Usage(RequestFields fields)
    {
        var (usage, everywhere) = base.Usage(fields);
        return (usage || Options.ForceIncludeUsage, everywhere);
    }

    protected override AnswerFormat Format(RequestFields fields) =>
        FormatFields.Pattern(fields.Get("regex"))
        ?? FormatFields.Response(fields, "text", "structural_tag", "json_object", "json_schema");
}
