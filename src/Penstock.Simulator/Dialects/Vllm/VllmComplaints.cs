using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>vLLM's refusals of a chat request.</summary>
internal sealed class VllmComplaints : Complaints
{
    public override HttpReply NotJson(long? position) =>
        position is { } at
            ? VllmErrors.Validation(Pydantic.Malformed(at), $"body.{at}")
            : VllmErrors.Phrase(400, "There was an error parsing the body");

    public override HttpReply WrongType(TypeMistake mistake) =>
        mistake.Place.Length == 0
            ? VllmErrors.Validation(Pydantic.NotAnObject, "body")
            : VllmErrors.Validation(Pydantic.Mistake(mistake), $"body.{mistake.Place}");

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        VllmErrors.Validation(Pydantic.Value(VllmErrors.Located(message, param, value)), param);

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        VllmErrors.Semantic(message, param, value);

    public override HttpReply TooLong(ContextOverrun overrun)
    {
        var (field, asked, _, limit) = overrun;
        if (asked > limit)
        {
            return VllmErrors.Semantic(
                $"{field}={asked} cannot be greater than max_model_len={limit}. Please request fewer output tokens.",
                field,
                $"{asked}"
            );
        }

        // vLLM stops counting one token past what fits, so its numbers say "at least".
        var counted = limit - asked + 1;
        return VllmErrors.Semantic(
            $"This model's maximum context length is {limit} tokens. However, you requested {asked} output tokens and your prompt contains at least {counted} input tokens, for a total of at least {limit + 1} tokens. Please reduce the length of the input prompt or the number of requested output tokens.",
            "input_tokens",
            $"{counted}"
        );
    }
}
