using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Openai;

/// <summary>OpenAI's refusals: types are strict, and every mistake names its parameter and a code.</summary>
internal sealed class OpenaiComplaints : Complaints
{
    public override bool IsLax => false;

    public override HttpReply NotJson(long? position) =>
        Refusal(
            "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)"
        );

    public override HttpReply WrongType(TypeMistake mistake) =>
        mistake.Place.Length == 0 ? NotJson(position: null)
        : mistake.Code is "missing"
            ? Refusal($"Missing required parameter: '{Place(mistake)}'.", Place(mistake), "missing_required_parameter")
        : Refusal(
            $"Invalid type for '{Place(mistake)}': expected {mistake.Expected}, but got {Kind(mistake)} instead.",
            Place(mistake),
            mistake.Code is "literal_error" ? "invalid_value" : "invalid_type"
        );

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        Refusal(message, param);

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        Refusal(message, param, "invalid_value");

    public override HttpReply TooLong(ContextOverrun overrun) =>
        overrun.Prompt >= overrun.Limit
            ? Refusal(
                $"This model's maximum context length is {overrun.Limit} tokens. However, your messages resulted in {overrun.Prompt} tokens. Please reduce the length of the messages.",
                "messages",
                "context_length_exceeded"
            )
            : Refusal(
                $"{overrun.Field} is too large: {overrun.Asked}. This model supports at most {overrun.Limit - overrun.Prompt} completion tokens, whereas you provided {overrun.Asked}.",
                overrun.Field,
                "invalid_value"
            );

    private static HttpReply Refusal(string message, string? param = null, string? code = null) =>
        OpenaiErrors.Reply(400, OpenaiErrors.Invalid, message, param, code);

    /// <summary>As <c>tools[0].function</c>.</summary>
    private static string Place(TypeMistake mistake) =>
        string.Join('.', mistake.Place.Split('.').Select(p => p.All(char.IsAsciiDigit) ? $"[{p}]" : p))
            .Replace(".[", "[", StringComparison.Ordinal);

    private static string Kind(TypeMistake mistake) => mistake.Input.ValueKind.ToString().ToLowerInvariant();
}
