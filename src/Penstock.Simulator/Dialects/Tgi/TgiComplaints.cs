using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Tgi;

/// <summary>TGI's refusals: plain text from its framework for what cannot be read, 422 for what it will not run.</summary>
internal sealed class TgiComplaints : Complaints
{
    public override bool IsLax => false;

    public override HttpReply NotJson(long? position) =>
        TgiErrors.Text(
            400,
            $"Failed to parse the request body as JSON: expected value at line 1 column {(position ?? 0) + 1}"
        );

    public override HttpReply WrongType(TypeMistake mistake) =>
        TgiErrors.Text(
            422,
            mistake.Code is "missing"
                ? $"Failed to deserialize the JSON body into the target type: missing field `{mistake.Place}`"
                : $"Failed to deserialize the JSON body into the target type: {mistake.Place}: invalid type: {mistake.ShownInput}, expected {mistake.Expected}"
        );

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        TgiErrors.Validation(message);

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        TgiErrors.Validation(message);

    public override HttpReply TooLong(ContextOverrun overrun) =>
        TgiErrors.Validation(
            overrun.Prompt >= overrun.Limit
                ? $"`inputs` must have less than {overrun.Limit} tokens. Given: {overrun.Prompt}"
                : $"`inputs` tokens + `max_new_tokens` must be <= {overrun.Limit}. Given: {overrun.Prompt} `inputs` tokens and {overrun.Asked} `max_new_tokens`"
        );
}
