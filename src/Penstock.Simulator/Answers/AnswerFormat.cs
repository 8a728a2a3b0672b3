using System.Text.Json;

namespace Penstock.Simulator.Answers;

/// <summary>
/// What the answer's text must be: free, any JSON object, an instance of a schema, one of some texts, a match.
/// </summary>
internal sealed record AnswerFormat(AnswerKind Kind)
{
    public static readonly AnswerFormat Text = new(AnswerKind.Text);

    public JsonElement Schema { get; init; }

    public IReadOnlyList<string> Texts { get; init; } = [];

    public string Pattern { get; init; } = "";
}
