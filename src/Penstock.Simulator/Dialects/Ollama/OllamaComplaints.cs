using System.Text.Json;
using Penstock.Simulator.Dialects.Reading;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Ollama;

/// <summary>Ollama's refusals, in the words of Go's decoder.</summary>
internal sealed class OllamaComplaints : Complaints
{
    public override bool IsLax => false;

    public override HttpReply NotJson(long? position) => OllamaErrors.Of(400, "unexpected EOF");

    public override HttpReply WrongType(TypeMistake mistake) =>
        OllamaErrors.Of(
            400,
            mistake.Code is "missing"
                ? $"[] is too short - '{mistake.Place}'"
                : $"json: cannot unmarshal {Kind(mistake.Input)} into Go struct field ChatCompletionRequest.{mistake.Place} of type {Type(mistake)}"
        );

    public override HttpReply Rule(string message, string? param = null, string? value = null) =>
        OllamaErrors.Of(400, message);

    public override HttpReply Meaning(string message, string? param = null, string? value = null) =>
        OllamaErrors.Of(400, message);

    // It never comes to this: a prompt that is too long is cut.
    public override HttpReply TooLong(ContextOverrun overrun) =>
        OllamaErrors.Of(400, "the input length exceeds the context length");

    private static string Kind(JsonElement input) =>
        input.ValueKind switch
        {
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Number => $"number {input.GetRawText()}",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };

    private static string Type(TypeMistake mistake) =>
        mistake.Code switch
        {
            "int_type" or "int_from_float" or "int_parsing" => "int",
            "float_type" or "float_parsing" => "float64",
            "bool_type" or "bool_parsing" => "bool",
            "list_type" => "[]openai.Message",
            "dict_type" => "map[string]interface {}",
            _ => "string",
        };
}
