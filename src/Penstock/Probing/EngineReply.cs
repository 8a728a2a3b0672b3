using System.Text.Json;

namespace Penstock.Probing;

/// <summary>The answer to a question, or why there is none.</summary>
/// <param name="Status">0 when there was no answer.</param>
/// <param name="Reason">In words, for an operator.</param>
internal sealed record EngineReply(ReplyKind Kind, int Status, byte[] Body, string Reason)
{
    public static EngineReply Answer(int status, byte[] body) =>
        new(ReplyKind.Answered, status, body, $"answers {status}");

    public static EngineReply None(ReplyKind kind, string reason) => new(kind, 0, [], reason);

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The engine took the request for a mistake of ours, and not merely for one too many.</summary>
    public bool IsRefusal => Status is >= 400 and < 500 and not (408 or 425 or 429) or 501;

    /// <summary>The engine does not know us.</summary>
    public bool IsClosedToUs => Status is 401 or 403;

    /// <summary>Something in the request, and not whom it is from or whom it is for.</summary>
    public bool IsOfTheRequest => IsRefusal && !IsClosedToUs && Status is not 404;

    /// <summary>The body, where it is a JSON object; null otherwise.</summary>
    public JsonElement? Json() => Parse() is { ValueKind: JsonValueKind.Object } root ? root : null;

    /// <summary>The body, where it is a JSON array; null otherwise.</summary>
    public IReadOnlyList<JsonElement>? Array() =>
        Parse() is { ValueKind: JsonValueKind.Array } root ? [.. root.EnumerateArray()] : null;

    private JsonElement? Parse()
    {
        try
        {
            return JsonElement.Parse(Body);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
