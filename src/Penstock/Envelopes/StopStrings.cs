using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>The caller's stop strings, and whether one of them may lie across the end of a text.</summary>
internal static class StopStrings
{
    /// <summary>
    /// Reads the value of <c>stop</c>. Engines hold back what may become a stop string; of one that does not, the text
    /// may end with the first half, and the engine that goes on would not know it when it says the second.
    /// </summary>
    /// <param name="text">What the caller has, decoded.</param>
    public static bool ReadStraddles(ref JsonCursor cursor, ReadOnlySpan<byte> text)
    {
        switch (cursor.Peek())
        {
            case JsonKind.String:
                return ReadOne(ref cursor, text);
            case JsonKind.Array:
                var straddles = false;
                cursor.EnterArray();
                while (cursor.NextElement())
                {
                    straddles |= ReadOne(ref cursor, text);
                }

                return straddles;
            default:
                cursor.SkipValue();
                return false;
        }
    }

    private static bool ReadOne(ref JsonCursor cursor, ReadOnlySpan<byte> text)
    {
        if (!cursor.ReadString(out var stop))
        {
            return false;
        }

        var raw = stop.Raw(cursor.Json);
        var decoded = new byte[raw.Length];
        if (!JsonEscapes.TryDecode(raw, decoded, out var length))
        {
            return true;
        }

        for (var half = Math.Min(length - 1, text.Length); half > 0; half--)
        {
            if (text.EndsWith(decoded.AsSpan(0, half)))
            {
                return true;
            }
        }

        return false;
    }
}
