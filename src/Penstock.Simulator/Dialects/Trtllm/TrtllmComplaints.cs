using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>trtllm-serve's refusals: what validation finds is only a text under <c>error</c>.</summary>
internal sealed class TrtllmComplaints : Complaints
{
    public override HttpReply NotJson(long? position) => ErrorJson.Text(400, Pydantic.Malformed(position ?? 0));

    public override HttpReply WrongType(TypeMistake mistake) =>
        ErrorJson.Text(400, mistake.Place.Length == 0 ? Pydantic.NotAnObject : Pydantic.Mistake(mistake));

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        ErrorJson.Text(400, Pydantic.Value(message));

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        TrtllmErrors.Generation(message);

    // The only code that is a word.
    public override HttpReply TooLong(ContextOverrun overrun) =>
        TrtllmErrors.Reply(
            400,
            "BadRequestError",
            $"The prompt length ({overrun.Prompt}) exceeds the model's maximum context length ({overrun.Limit}).",
            "\"context_length_exceeded\""
        );
}
