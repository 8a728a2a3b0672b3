using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>One event of a stream, or one comment; only the framing that the contract allows is understood.</summary>
internal sealed record SseEvent(string Text)
{
    public bool IsComment => Text.StartsWith(':');

    public bool IsDone => Data == "[DONE]";

    public string? Data => Text.StartsWith("data: ", StringComparison.Ordinal) ? Text["data: ".Length..] : null;

    public JsonObject Json => JsonNode.Parse(Data!)!.AsObject();

    public bool IsError => !IsComment && !IsDone && Json.ContainsKey("error");

    /// <summary>The text of choice 0 that this chunk adds.</summary>
    public string Delta =>
        IsComment || IsDone || Json["choices"] is not JsonArray { Count: > 0 } choices
            ? ""
            : choices[0]!["delta"]?["content"]?.GetValue<string>() ?? "";

    public static IReadOnlyList<SseEvent> Parse(string text) =>
        [
            .. text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => line.TrimEnd('\r'))
                .Where(line => line.Length > 0)
                .Select(line => new SseEvent(line)),
        ];
}
