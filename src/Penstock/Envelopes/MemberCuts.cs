using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Cuts whole members out of a body, each with one comma. A second pass, taken only when there is one to cut.</summary>
internal static class MemberCuts
{
    /// <param name="noted">The noted fields to cut (see <see cref="NotedFields"/>).</param>
    public static void Cut(ref SplicedBody spliced, ulong noted) =>
        Cut(ref spliced, field => field >= EnvelopeNames.FirstNoted && (NotedFields.Bit(field) & noted) != 0);

    public static void Cut(ref SplicedBody spliced, EnvelopeField field) => Cut(ref spliced, met => met == field);

    /// <remarks>A body has a model and messages, which nobody cuts: some member is always left.</remarks>
    private static void Cut(ref SplicedBody spliced, Func<EnvelopeField, bool> goes)
    {
        var cursor = new JsonCursor(spliced.Body.Span);
        cursor.Peek();
        cursor.EnterObject();
        var kept = -1; // where the last member that stays ends
        var cutFrom = -1; // where a cut began that has no member before it, and so goes up to the next name
        while (cursor.NextName(out var name))
        {
            var start = name.Start - 1;
            EnvelopeNames.Resolve(cursor.Json, name, out var field);
            cursor.Peek();
            cursor.SkipValue();
            if (!goes(field))
            {
                if (cutFrom >= 0)
                {
                    spliced.Remove(cutFrom, start);
                    cutFrom = -1;
                }

                kept = cursor.Position;
            }
            else if (kept >= 0)
            {
                spliced.Remove(kept, cursor.Position);
                kept = cursor.Position;
            }
            else if (cutFrom < 0)
            {
                cutFrom = start;
            }
        }
    }
}
