using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>What a caller makes of a stream that has ended.</summary>
internal sealed class StreamedAnswer
{
    private readonly IReadOnlyList<SseEvent> _events;

    private StreamedAnswer(IReadOnlyList<SseEvent> events) => _events = events;

    public static StreamedAnswer Of(string stream) => new([.. SseEvent.Parse(stream).Where(e => !e.IsComment)]);

    public string Text => string.Concat(Chunks.Select(chunk => chunk.Delta));

    /// <summary>Values of <c>id</c>, <c>created</c> and <c>model</c> together: one stream has one.</summary>
    public IReadOnlyList<string> Identities =>
        [.. Chunks.Select(c => $"{c.Json["id"]} {c.Json["created"]} {c.Json["model"]}").Distinct()];

    public int Roles => Deltas.Count(delta => delta["role"] is not null);

    public IReadOnlyList<string> FinishReasons =>
        [.. Choices.Select(choice => choice["finish_reason"]?.GetValue<string>()).OfType<string>()];

    public IReadOnlyList<JsonObject> Usages => [.. Chunks.Select(chunk => chunk.Json["usage"]).OfType<JsonObject>()];

    public IReadOnlyList<string> Errors => [.. _events.Where(e => e.IsError).Select(e => e.Data!)];

    public bool IsDone => _events is [.., { IsDone: true }] && _events.Count(e => e.IsDone) == 1;

    /// <summary>One role, one identity, one finish, the sentinel last, and no error.</summary>
    public bool IsWhole => IsDone && Errors is [] && Roles == 1 && Identities.Count == 1 && FinishReasons.Count == 1;

    public override string ToString() => string.Join('\n', _events.TakeLast(8).Select(e => e.Text));

    private IEnumerable<SseEvent> Chunks => _events.Where(e => !e.IsDone && !e.IsError);

    private IEnumerable<JsonNode> Choices =>
        Chunks.SelectMany(chunk => chunk.Json["choices"]!.AsArray()).OfType<JsonNode>();

    private IEnumerable<JsonNode> Deltas => Choices.Select(choice => choice["delta"]).OfType<JsonNode>();
}
