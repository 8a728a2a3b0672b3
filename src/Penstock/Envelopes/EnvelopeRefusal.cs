using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Why a request is refused with 400 before any engine is called, in the words of the error contract.
/// </summary>
/// <param name="Code">One of <see cref="RefusalCode"/>.</param>
/// <param name="Param">Path of the offending field, for example <c>messages[3].role</c>.</param>
/// <param name="Message">What was wrong and what to do.</param>
internal sealed record EnvelopeRefusal(string Code, string? Param, string Message)
{
    public const int Status = 400;

    public static EnvelopeRefusal NotJson(string message) => new(RefusalCode.InvalidJson, null, message);

    public static EnvelopeRefusal NotJson(in JsonCursor cursor) =>
        NotJson($"The body is not valid JSON: {Describe(cursor.Fault)} (at byte {cursor.FaultOffset}).");

    public static EnvelopeRefusal Missing(string param, string expected) =>
        new(RefusalCode.MissingParameter, param, $"Missing required parameter: '{param}'. Give {expected}.");

    public static EnvelopeRefusal WrongType(string? param, string expected, JsonKind got) =>
        new(
            RefusalCode.InvalidType,
            param,
            $"Invalid type for {Quote(param)}: expected {expected}, but got {Describe(got)} instead."
        );

    public static EnvelopeRefusal WrongType(string param, string expected, string got) =>
        new(RefusalCode.InvalidType, param, $"Invalid type for '{param}': expected {expected}, but got {got} instead.");

    public static EnvelopeRefusal WrongValue(string param, string expected, string got) =>
        new(
            RefusalCode.InvalidValue,
            param,
            $"Invalid value for '{param}': expected {expected}, but got {got} instead."
        );

    public static EnvelopeRefusal Ambiguous(string param, string message) =>
        new(RefusalCode.InvalidValue, param, message);

    private static string Quote(string? param) => param is null ? "the body" : $"'{param}'";

    private static string Describe(JsonKind kind) =>
        kind switch
        {
            JsonKind.Object => "an object",
            JsonKind.Array => "an array",
            JsonKind.String => "a string",
            JsonKind.Number => "a number",
            JsonKind.Boolean => "a boolean",
            JsonKind.Null => "null",
            _ => "nothing",
        };

    private static string Describe(JsonFault fault) =>
        fault switch
        {
            JsonFault.EndsTooEarly => "it ends too early",
            JsonFault.ControlCharacterInString => "a control character stands unescaped in a string",
            JsonFault.BadEscape => "a string holds an escape that JSON does not know",
            JsonFault.BadNumber => "a number is malformed",
            JsonFault.NestedTooDeep => $"it is nested deeper than {JsonCursor.MaxDepth} levels",
            JsonFault.TrailingBytes => "something follows the end of the object",
            _ => "unexpected character",
        };
}
