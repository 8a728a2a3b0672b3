using System.Text.Unicode;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Reads the envelope of a chat completion in one forward pass and allocates nothing unless it refuses. What is
/// accepted here means the same to every engine's parser: whatever two readers could take differently is refused.
/// The first mistake in the order of the body is reported, except that a body that is no JSON at all is always
/// refused as that; mistakes between fields come last.
/// </summary>
internal static class EnvelopeReader
{
    public static EnvelopeRefusal? Read(ReadOnlySpan<byte> body, out RequestEnvelope envelope)
    {
        envelope = new RequestEnvelope { N = 1 };
        if (RefuseEncoding(body) is { } unreadable)
        {
            return unreadable;
        }

        var cursor = new JsonCursor(body);
        if (ReadRoot(ref cursor, ref envelope) is not { } refusal)
        {
            return null;
        }

        var whole = new JsonCursor(body);
        return whole.SkipValue() && whole.ReadEnd() ? refusal : EnvelopeRefusal.NotJson(whole);
    }

    private static EnvelopeRefusal? RefuseEncoding(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            return EnvelopeRefusal.NotJson("The body is empty: send a JSON object.");
        }

        if (body.StartsWith("\uFEFF"u8))
        {
            return EnvelopeRefusal.NotJson("The body begins with a byte order mark: send plain UTF-8 without one.");
        }

        // A pass of its own at memory speed is cheaper than a check for each string, and leaves no byte unchecked.
        return Utf8.IsValid(body)
            ? null
            : EnvelopeRefusal.NotJson($"The body is not valid UTF-8 (at byte {Utf8Text.FirstInvalid(body)}).");
    }

    private static EnvelopeRefusal? ReadRoot(ref JsonCursor cursor, ref RequestEnvelope envelope)
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, null, "a JSON object");
        }

        var controls = 0UL;
        cursor.EnterObject();
        while (cursor.NextName(out var name))
        {
            var refusal =
                EnvelopeNames.Resolve(cursor.Json, name, out var field)
                ?? (
                    field >= EnvelopeField.FirstEngineControl && field < EnvelopeNames.FirstNoted
                        ? ReadControl(ref cursor, field, ref controls, ref envelope)
                        : ReadField(ref cursor, field, ref envelope)
                );
            if (refusal is not null)
            {
                return refusal;
            }
        }

        envelope.ClosingBrace = cursor.Position - 1;
        return cursor.ReadEnd() ? CrossChecks.Refuse(envelope) : EnvelopeRefusal.NotJson(cursor);
    }

    private static EnvelopeRefusal? ReadField(ref JsonCursor cursor, EnvelopeField field, ref RequestEnvelope envelope)
    {
        if (field == EnvelopeField.Unknown)
        {
            return Values.Skip(ref cursor);
        }

        if (field >= EnvelopeNames.FirstNoted)
        {
            var bit = NotedFields.Bit(field);
            if ((envelope.Noted & bit) != 0)
            {
                return NameFolding.Twice(EnvelopeNames.Of(field));
            }

            envelope.Noted |= bit;
            return Values.Skip(ref cursor);
        }

        if (!envelope[field].IsAbsent)
        {
            return NameFolding.Twice(EnvelopeNames.Of(field));
        }

        var kind = cursor.Peek();
        var start = cursor.Position;
        var refusal =
            kind == JsonKind.Null ? Values.Null(ref cursor) : FieldReader.Read(ref cursor, field, kind, ref envelope);
        envelope.Mark(field, new FieldSpot(start, cursor.Position - start, kind == JsonKind.Null));
        return refusal;
    }

    private static EnvelopeRefusal? ReadControl(
        ref JsonCursor cursor,
        EnvelopeField field,
        ref ulong seen,
        ref RequestEnvelope envelope
    )
    {
        var bit = 1UL << (field - EnvelopeField.FirstEngineControl);
        if ((seen & bit) != 0)
        {
            return NameFolding.Twice(EnvelopeNames.Of(field));
        }

        seen |= bit;
        var kind = cursor.Peek();
        var start = cursor.Position;
        if (kind != JsonKind.Null)
        {
            envelope.EngineControl ??= EnvelopeNames.Of(field);
        }

        var refusal = Values.Skip(ref cursor);
        if (field == EngineControls.CacheSalt)
        {
            envelope.CacheSaltSpot = new FieldSpot(start, cursor.Position - start, kind == JsonKind.Null);
        }

        envelope.HasPriority |= field == EngineControls.Priority;
        return refusal;
    }
}
