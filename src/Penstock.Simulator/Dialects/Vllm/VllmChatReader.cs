using System.Text.Json;
using Penstock.Simulator.Answers;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>How vLLM reads a chat request.</summary>
internal sealed class VllmChatReader(SimulatorOptions options, VllmRelease release)
    : ChatReader(new VllmComplaints(), options)
{
    // A named choice ends with stop here.
    private static readonly ToolWording Calls = new() { IdPrefix = "chatcmpl-tool-", NamedFinish = "stop" };

    protected override IReadOnlyList<string> ReasoningKeys { get; } = [release.ReasoningKey];

    protected override ToolWording Wording(ToolChoice choice) => Calls;

    protected override void CheckContentType(HttpRequest request)
    {
        if (!request.IsJson)
        {
            throw new RefusalException(
                VllmErrors.Validation("Unsupported Media Type: Only 'application/json' is allowed", param: null)
            );
        }
    }

    protected override void CheckRules(RequestFields fields) => new VllmRules(Complaints).Check(fields);

    protected override void CheckTypes(RequestFields fields)
    {
        fields.Object("logit_bias");
        fields.String("user");
        fields.Object("chat_template_kwargs");
        fields.Object("kv_transfer_params");
        CheckToolParser(fields);
    }

    protected override void CheckModel(string model)
    {
        if (!Options.Models.Contains(model, StringComparer.Ordinal))
        {
            throw new RefusalException(VllmErrors.UnknownModel(model));
        }
    }

    protected override void CheckRanges(RequestFields fields)
    {
        VllmSampling.Check(fields, Options.MaxLogProbs);
        if (fields.Integer("priority") is { } priority and not 0 && !Options.PriorityScheduling)
        {
            throw fields.Senseless($"Got priority {priority} but Priority scheduling is not enabled.");
        }

        if (fields.String("cache_salt") is { } salt && !CacheSalt.IsGood(salt))
        {
            throw fields.Senseless("Parameter 'cache_salt' must be a non-empty string if provided.", "cache_salt");
        }
    }

    // As transformers have it: the template cannot open a new answer and go on with an old one.
    protected override bool Continues(RequestFields fields)
    {
        var continues = fields.Boolean("continue_final_message") ?? false;
        if (continues && (fields.Boolean("add_generation_prompt") ?? true))
        {
            throw fields.Senseless(
                "continue_final_message and add_generation_prompt are not compatible. Use continue_final_message when you want the model to continue the final message, and add_generation_prompt when you want to add a header that will prompt it to start a new assistant message instead."
            );
        }

        return continues;
    }

    /// <summary>Minus one asks for the whole vocabulary; it gets the most that may be asked for by number.</summary>
    protected override int TopLogProbs(long asked) =>
        (int)(asked < 0 ? Options.MaxLogProbs : Math.Min(asked, int.MaxValue));

    /// <summary>
    /// Stream options that do not mention usage ask for it; usage on every chunk needs usage at all.
    /// </summary>
    protected override (bool Usage, bool Everywhere) Usage(RequestFields fields)
    {
        if (Options.ForceIncludeUsage)
        {
            return (true, true);
        }

        if (fields.Within("stream_options") is not { } asked)
        {
            return (false, false);
        }

        var usage = asked.Boolean("include_usage") ?? !asked.Has("include_usage");
        return (usage, usage && Options.ContinuousUsage && (asked.Boolean("continuous_usage_stats") ?? false));
    }

    protected override AnswerFormat Format(RequestFields fields) =>
        fields.Object("structured_outputs") is { } structured ? Structured(structured, "")
        : release.HonoursGuided && Structured(fields.Root, "guided_") is { Kind: not AnswerKind.Text } guided ? guided
        : FormatFields.Response(fields, "text", "structural_tag", "json_object", "json_schema");

    private static AnswerFormat Structured(JsonElement constraints, string prefix)
    {
        if (
            constraints.TryGetProperty($"{prefix}choice", out var choice)
            && choice.ValueKind == JsonValueKind.Array
            && choice.GetArrayLength() > 0
        )
        {
            return new AnswerFormat(AnswerKind.OneOf)
            {
                Texts = [.. choice.EnumerateArray().Select(c => c.ToString())],
            };
        }

        return FormatFields.Pattern(Get(constraints, $"{prefix}regex"))
            ?? FormatFields.Instance(Get(constraints, $"{prefix}json"))
            ?? AnswerFormat.Text;
    }

    private static JsonElement? Get(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) ? value : null;

    private void CheckToolParser(RequestFields fields)
    {
        if (
            !Options.AutoToolChoice
            && ToolFields.Choice(fields, fields.IsTruthy("tools")).Choice is Answers.ToolChoice.Auto
        )
        {
            throw fields.Senseless(
                "\"auto\" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set"
            );
        }
    }
}
