using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// A named <c>tool_choice</c> for engines that know only its words: <c>required</c>, with that one tool to choose from.
/// </summary>
/// <remarks>
/// Refusing would be simpler, but what is asked for can be had: a model that must call a tool and has one must call that
/// one. It does not see the caller's other tools then, which is as well, for it may not call them.
/// </remarks>
internal static class NamedTool
{
    private static readonly byte[] Required = "\"required\""u8.ToArray();
    private static readonly byte[] Open = "["u8.ToArray();
    private static readonly byte[] Close = "]"u8.ToArray();

    public static bool IsAskedFor(in RequestEnvelope envelope, ReadOnlySpan<byte> body) =>
        envelope[EnvelopeField.ToolChoice] is { IsGiven: true } choice && body[choice.Start] == '{';

    /// <summary>A name that no tool has cannot be called.</summary>
    public static EnvelopeRefusal? Refuse(in RequestEnvelope envelope, ReadOnlySpan<byte> body) =>
        Find(envelope, body).IsAbsent
            ? EnvelopeRefusal.WrongValue("tool_choice", "the name of one of the 'tools'", "another")
            : null;

    public static void Splice(SplicedBody spliced, in RequestEnvelope envelope)
    {
        var tool = Find(envelope, spliced.Body.Span);
        var tools = envelope[EnvelopeField.Tools];
        spliced.Replace(envelope[EnvelopeField.ToolChoice], Required);
        spliced.Replace(tools with { Length = tool.Start - tools.Start }, Open);
        spliced.Replace(new FieldSpot(tool.End, tools.End - tool.End, IsNull: false), Close);
    }

    private static FieldSpot Find(in RequestEnvelope envelope, ReadOnlySpan<byte> body)
    {
        var tools = envelope[EnvelopeField.Tools];
        var wanted = new JsonCursor(Of(body, envelope[EnvelopeField.ToolChoice]));
        if (!tools.IsGiven || NameOfFunction(ref wanted) is not { } name)
        {
            return default;
        }

        var raw = name.Raw(wanted.Json);
        Span<byte> decoded = new byte[raw.Length];
        JsonEscapes.TryDecode(raw, decoded, out var length);
        var cursor = new JsonCursor(Of(body, tools));
        cursor.Peek();
        cursor.EnterArray();
        while (cursor.NextElement())
        {
            cursor.Peek();
            var start = cursor.Position;
            if (NameOfFunction(ref cursor) is { } offered && offered.Means(cursor.Json, decoded[..length]))
            {
                return new FieldSpot(tools.Start + start, cursor.Position - start, IsNull: false);
            }
        }

        return default;
    }

    private static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> body, FieldSpot spot) =>
        body.Slice(spot.Start, spot.Length);

    /// <summary>The <c>function.name</c> of the object that comes next, which is passed over.</summary>
    private static JsonText? NameOfFunction(ref JsonCursor cursor)
    {
        JsonText? found = null;
        cursor.Peek();
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            if (cursor.Peek() == JsonKind.Object && name.Means(cursor.Json, "function"u8))
            {
                found = NameIn(ref cursor);
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return found;
    }

    private static JsonText? NameIn(ref JsonCursor cursor)
    {
        JsonText? found = null;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            if (cursor.Peek() == JsonKind.String && name.Means(cursor.Json, "name"u8))
            {
                cursor.ReadString(out var text);
                found = text;
            }
            else
            {
                cursor.SkipValue();
            }
        }

        return found;
    }
}
