using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's refusals of a chat request.</summary>
internal sealed class SglangComplaints : Complaints
{
    public override HttpReply NotJson(long? position) => Validation(Pydantic.Malformed(position ?? 0));

    public override HttpReply WrongType(TypeMistake mistake) =>
        Validation(mistake.Place.Length == 0 ? Pydantic.NotAnObject : Pydantic.Mistake(mistake));

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        Validation(Pydantic.Value(message));

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        SglangErrors.Reply(400, "BadRequestError", message);

    public override HttpReply TooLong(ContextOverrun overrun)
    {
        var (_, asked, prompt, limit) = overrun;
        return Meaning(
            prompt >= limit ? $"The input ({prompt} tokens) is longer than the model's context length ({limit} tokens)."
            : asked > limit
                ? $"max_completion_tokens is too large: {asked}.This model supports at most {limit} completion tokens."
            : $"Requested token count exceeds the model's maximum context length of {limit} tokens. You requested a total of {prompt + asked} tokens: {prompt} tokens from the input messages and {asked} tokens for the completion. Please reduce the number of tokens in the input messages or the completion to fit within the limit."
        );
    }

    private static HttpReply Validation(string message) => SglangErrors.Reply(400, "Bad Request", message);
}
