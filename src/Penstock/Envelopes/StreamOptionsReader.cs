using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Reads <c>stream_options</c>. Usage is what answers are billed by, so its two switches are held to the same rule as
/// top-level names: once, and in their exact spelling.
/// </summary>
internal static class StreamOptionsReader
{
    private const string IncludeUsage = "stream_options.include_usage";
    private const string ContinuousUsage = "stream_options.continuous_usage_stats";

    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind, ref RequestEnvelope envelope)
    {
        if (kind != JsonKind.Object)
        {
            return Values.Mismatch(ref cursor, kind, "stream_options", "an object");
        }

        cursor.EnterObject();
        envelope.StreamOptionsAreEmpty = true;
        while (cursor.NextName(out var name))
        {
            envelope.StreamOptionsAreEmpty = false;
            if (ReadMember(ref cursor, name, ref envelope) is { } refusal)
            {
                return refusal;
            }
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : null;
    }

    private static EnvelopeRefusal? ReadMember(ref JsonCursor cursor, JsonText name, ref RequestEnvelope envelope)
    {
        if (IsNamed(cursor.Json, name, "include_usage"u8, out var misspelled))
        {
            var refusal = ReadSwitch(ref cursor, IncludeUsage, envelope.IncludeUsageSpot, out var spot, out var on);
            (envelope.IncludeUsageSpot, envelope.IncludeUsage) = (spot, on);
            return refusal;
        }

        if (misspelled)
        {
            return NameFolding.Misspelled(IncludeUsage);
        }

        if (IsNamed(cursor.Json, name, "continuous_usage_stats"u8, out misspelled))
        {
            var refusal = ReadSwitch(
                ref cursor,
                ContinuousUsage,
                envelope.ContinuousUsageSpot,
                out var spot,
                out var on
            );
            (envelope.ContinuousUsageSpot, envelope.ContinuousUsage) = (spot, on);
            return refusal;
        }

        return misspelled ? NameFolding.Misspelled(ContinuousUsage) : Values.Skip(ref cursor);
    }

    private static EnvelopeRefusal? ReadSwitch(
        ref JsonCursor cursor,
        string param,
        FieldSpot before,
        out FieldSpot spot,
        out bool value
    )
    {
        value = false;
        spot = before;
        if (!before.IsAbsent)
        {
            return NameFolding.Twice(param);
        }

        var isNull = cursor.Peek() == JsonKind.Null;
        var start = cursor.Position;
        var refusal = isNull ? Values.Null(ref cursor) : Values.Boolean(ref cursor, param, out value);
        spot = new FieldSpot(start, cursor.Position - start, isNull);
        return refusal;
    }

    private static bool IsNamed(ReadOnlySpan<byte> json, JsonText name, ReadOnlySpan<byte> wanted, out bool misspelled)
    {
        Span<byte> scratch = stackalloc byte[NameFolding.LongestName];
        misspelled = false;
        if (!NameFolding.TryDecode(json, name, scratch, out var decoded))
        {
            return false;
        }

        if (decoded.SequenceEqual(wanted))
        {
            return true;
        }

        Span<byte> folded = stackalloc byte[NameFolding.LongestName];
        misspelled = NameFolding.Fold(decoded, folded).SequenceEqual(wanted);
        return false;
    }
}
