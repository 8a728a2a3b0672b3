using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>llama-server's refusals. A body that is not JSON is the server's own error here.</summary>
internal sealed class LlamacppComplaints : Complaints
{
    public override bool IsLax => false;

    public override HttpReply NotJson(long? position) =>
        LlamacppErrors.Of(
            500,
            $"[json.exception.parse_error.101] parse error at line 1, column {(position ?? 0) + 1}: syntax error while parsing value - invalid literal"
        );

    public override HttpReply WrongType(TypeMistake mistake) =>
        Refusal(
            mistake switch
            {
                { Place: "" } => "Request body must be a JSON object",
                { Code: "missing", Place: "messages" } => "'messages' is required",
                { Code: "missing" } => $"'{mistake.Place}' is required",
                _ => $"'{mistake.Place}' must be {mistake.Expected}",
            }
        );

    public override HttpReply Rule(string message, string? param = null, string? value = null) => Refusal(message);

    public override HttpReply Meaning(string message, string? param = null, string? value = null) => Refusal(message);

    public override HttpReply TooLong(ContextOverrun overrun) => LlamacppErrors.TooLong(overrun.Prompt, overrun.Limit);

    private static HttpReply Refusal(string message) => LlamacppErrors.Of(400, message);
}
