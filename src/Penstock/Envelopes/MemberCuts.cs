using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>Cuts whole members out of a body, each with one comma. A second pass, taken only when there is one to cut.</summary>
internal static class MemberCuts
{
    /// <param name="noted">The noted fields to cut (see <see cref="NotedFields"/>).</param>
    /// <param name="known">The fields of the envelope to cut (see <see cref="Bit"/>).</param>
    /// <remarks>
    /// All cuts of a body are one call: two would both take the comma between their members. A body has a model and
    /// messages, which nobody cuts: some member is always left.
    /// </remarks>
    public static void Cut(SplicedBody spliced, ulong noted, ulong known)
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
            if (!Goes(field, noted, known))
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

    public static ulong Bit(EnvelopeField field) => 1UL << (int)field;

    private static bool Goes(EnvelopeField field, ulong noted, ulong known) =>
        field >= EnvelopeNames.FirstNoted
            ? (NotedFields.Bit(field) & noted) != 0
            : field < EnvelopeField.FirstEngineControl && (Bit(field) & known) != 0;
}
