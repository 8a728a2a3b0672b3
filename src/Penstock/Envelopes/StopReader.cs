using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Holds <c>stop</c> to a string or a few of them.</summary>
internal static class StopReader
{
    // OpenAI's bound.
    private const int Most = 4;

    public static EnvelopeRefusal? Read(ref JsonCursor cursor, JsonKind kind)
    {
        if (kind == JsonKind.String)
        {
            return Values.Skip(ref cursor);
        }

        if (kind != JsonKind.Array)
        {
            return Values.Mismatch(ref cursor, kind, "stop", "a string or an array of strings");
        }

        cursor.EnterArray();
        var index = 0;
        while (cursor.NextElement())
        {
            kind = cursor.Peek();
            if (kind != JsonKind.String)
            {
                return Values.Mismatch(ref cursor, kind, $"stop[{index}]", "a string");
            }

            cursor.SkipValue();
            if (++index > Most)
            {
                return EnvelopeRefusal.WrongValue("stop", $"at most {Most} strings", "more");
            }
        }

        return cursor.Failed ? EnvelopeRefusal.NotJson(cursor) : null;
    }
}
