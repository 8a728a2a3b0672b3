using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// <c>tool_choice</c> for engines that make less of it than OpenAI does: what can be had is spelled in their way, what
/// cannot is refused, and nothing is left to be ignored in silence.
/// </summary>
internal static class ToolChoiceRules
{
    public static EnvelopeRefusal? Refuse(ToolChoices known, in RequestEnvelope envelope, ReadOnlySpan<byte> body)
    {
        if (known == ToolChoices.All || !envelope[EnvelopeField.ToolChoice].IsGiven)
        {
            return null;
        }

        if (known == ToolChoices.Words)
        {
            return NamedTool.IsAskedFor(envelope, body) ? NamedTool.Refuse(envelope, body) : null;
        }

        return IsWord(envelope, body, "auto"u8) || IsWord(envelope, body, "none"u8)
            ? null
            : EnvelopeRefusal.WrongValue(
                "tool_choice",
                "'auto' or 'none' for this model, whose engine cannot be made to call a tool",
                "another choice"
            );
    }

    public static void Splice(ToolChoices known, SplicedBody spliced, in RequestEnvelope envelope)
    {
        if (known == ToolChoices.Words && NamedTool.IsAskedFor(envelope, spliced.Body.Span))
        {
            NamedTool.Splice(spliced, envelope);
        }
    }

    /// <summary>Where nobody looks at <c>none</c>: a model that is offered no tool calls none.</summary>
    public static bool NeedsNoTools(ToolChoices known, in RequestEnvelope envelope, ReadOnlySpan<byte> body) =>
        known == ToolChoices.Ignored && envelope[EnvelopeField.ToolChoice].IsGiven && IsWord(envelope, body, "none"u8);

    private static bool IsWord(in RequestEnvelope envelope, ReadOnlySpan<byte> body, ReadOnlySpan<byte> word)
    {
        var choice = envelope[EnvelopeField.ToolChoice];
        var cursor = new JsonCursor(body.Slice(choice.Start, choice.Length));
        return cursor.Peek() == JsonKind.String && cursor.ReadString(out var text) && text.Means(cursor.Json, word);
    }
}
