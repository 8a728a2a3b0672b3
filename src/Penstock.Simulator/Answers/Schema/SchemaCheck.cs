using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Penstock.Simulator.Answers.Schema;

/// <summary>
/// Says whether a value is valid, so that the writer can try again: what it writes for <c>oneOf</c>, <c>not</c> or
/// <c>if</c> is right only by luck.
/// </summary>
internal sealed class SchemaCheck(SchemaDocument document)
{
    // A pattern in a schema comes from a client: it gets no more time than this.
    private static readonly TimeSpan PatternTime = TimeSpan.FromMilliseconds(50);

    // A schema that refers to itself without consuming anything would go on for ever.
    private const int Depth = 128;

    // One that refers to itself twice would double with every level of that; past the bound the answer is yes.
    private const int Steps = 200_000;
    private int _depth;
    private int _steps;

    public bool IsValid(JsonNode? node, JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return schema.ValueKind == JsonValueKind.True;
        }

        if (schema.ValueKind != JsonValueKind.Object || _depth > Depth || ++_steps > Steps)
        {
            return true;
        }

        _depth++;
        try
        {
            return IsReferredValid(node, schema)
                && IsOfType(node, schema)
                && IsOneOfValues(node, schema)
                && IsCombinationValid(node, schema)
                && JsonNodes.Kind(node) switch
                {
                    JsonValueKind.Object => new ObjectCheck(this, schema).IsValid(node!.AsObject()),
                    JsonValueKind.Array => new ArrayCheck(this, schema).IsValid(node!.AsArray()),
                    JsonValueKind.String => IsStringValid(node!.GetValue<string>(), schema),
                    JsonValueKind.Number => NumberRange.Of([schema]).Contains(JsonNodes.Number(node!)),
                    _ => true,
                };
        }
        finally
        {
            _depth--;
        }
    }

    public static bool Matches(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.ECMAScript | RegexOptions.CultureInvariant, PatternTime);
        }
        catch (ArgumentException)
        {
            return MatchesBeyondEcmaScript(text, pattern);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static bool MatchesBeyondEcmaScript(string text, string pattern)
    {
        try
        {
            return Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, PatternTime);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private bool IsReferredValid(JsonNode? node, JsonElement schema) =>
        SchemaDocument.Reference(schema) is null || (document.Resolve(schema) is { } target && IsValid(node, target));

    private static bool IsOfType(JsonNode? node, JsonElement schema) =>
        !schema.TryGetProperty("type", out var type)
        || (
            type.ValueKind == JsonValueKind.Array
                ? type.EnumerateArray().Any(t => JsonNodes.IsType(node, t.GetString() ?? ""))
                : JsonNodes.IsType(node, type.GetString() ?? "")
        );

    private static bool IsOneOfValues(JsonNode? node, JsonElement schema) =>
        (!schema.TryGetProperty("const", out var constant) || JsonNodes.AreEqual(node, JsonNodes.Of(constant)))
        && (
            !schema.TryGetProperty("enum", out var values)
            || values.EnumerateArray().Any(v => JsonNodes.AreEqual(node, JsonNodes.Of(v)))
        );

    private bool IsCombinationValid(JsonNode? node, JsonElement schema) =>
        (!schema.TryGetProperty("allOf", out var all) || all.EnumerateArray().All(s => IsValid(node, s)))
        && (!schema.TryGetProperty("anyOf", out var any) || any.EnumerateArray().Any(s => IsValid(node, s)))
        && (!schema.TryGetProperty("oneOf", out var one) || one.EnumerateArray().Count(s => IsValid(node, s)) == 1)
        && (!schema.TryGetProperty("not", out var not) || !IsValid(node, not))
        && (
            !schema.TryGetProperty("if", out var condition)
            || !schema.TryGetProperty(IsValid(node, condition) ? "then" : "else", out var consequence)
            || IsValid(node, consequence)
        );

    private static bool IsStringValid(string text, JsonElement schema) =>
        (!schema.TryGetProperty("minLength", out var min) || JsonNodes.Length(text) >= min.GetDouble())
        && (!schema.TryGetProperty("maxLength", out var max) || JsonNodes.Length(text) <= max.GetDouble())
        && (!schema.TryGetProperty("pattern", out var pattern) || Matches(text, pattern.GetString() ?? ""));
}
