using System.Text;
using System.Text.Json;

namespace Penstock.Probing.Conformance;

/// <summary>Reads the few members of an answer that a probe looks at; what is not there is null or empty.</summary>
internal static class AnswerParts
{
    private const string Data = "data:";

    private static readonly string[] Said = ["content", "reasoning_content", "reasoning"];

    /// <summary>The chunks of a stream that came whole.</summary>
    public static IReadOnlyList<JsonElement> Chunks(this EngineReply reply)
    {
        var chunks = new List<JsonElement>();
        foreach (var line in Encoding.UTF8.GetString(reply.Body).Split('\n'))
        {
            if (line.StartsWith(Data, StringComparison.Ordinal) && Parse(line[Data.Length..]) is { } chunk)
            {
                chunks.Add(chunk);
            }
        }

        return chunks;
    }

    /// <summary>Whether a line of a stream brings a piece of an answer, spoken or thought.</summary>
    public static bool HasText(string line) =>
        line.StartsWith(Data, StringComparison.Ordinal)
        && Parse(line[Data.Length..]) is { } chunk
        && chunk.Items("choices") is [var choice, ..]
        && choice.Member("delta") is { } delta
        && Said.Any(name => delta.Text(name) is { Length: > 0 });

    public static JsonElement? Member(this JsonElement element, string name)
    {
        try
        {
            return
                element.ValueKind is JsonValueKind.Object
                && element.TryGetProperty(name, out var member)
                && member.ValueKind is not JsonValueKind.Null
                ? member
                : null;
        }
        catch (InvalidOperationException)
        {
            // A name beside it is half a character (\ud800), which a parser takes and a reader refuses.
            return null;
        }
    }

    public static IReadOnlyList<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } list ? [.. list.EnumerateArray()] : [];

    public static string? Text(this JsonElement element, string name)
    {
        try
        {
            return element.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a character, as above.
            return null;
        }
    }

    public static int? Number(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value)
            ? value
            : null;

    /// <summary>The first choice of a whole answer.</summary>
    public static JsonElement? FirstChoice(this EngineReply reply) =>
        reply.Json()?.Items("choices") is [var first, ..] ? first : null;

    public static bool HasUsage(this JsonElement chunk) => chunk.Member("usage") is { ValueKind: JsonValueKind.Object };

    private static JsonElement? Parse(string text)
    {
        try
        {
            var chunk = JsonElement.Parse(text);
            return chunk.ValueKind is JsonValueKind.Object ? chunk : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
