using System.Globalization;
using System.Text;
using Penstock.Primitives.Json;

namespace Penstock.Envelopes;

/// <summary>
/// Reads single values, strictly: 1.0 is no integer and "true" no boolean, whatever an engine would make of it.
/// </summary>
internal static class Values
{
    public static EnvelopeRefusal? Null(ref JsonCursor cursor) =>
        cursor.ReadNull() ? null : EnvelopeRefusal.NotJson(cursor);

    public static EnvelopeRefusal? Skip(ref JsonCursor cursor) =>
        cursor.SkipValue() ? null : EnvelopeRefusal.NotJson(cursor);

    /// <summary>The refusal for a value of another type; where no value begins at all, that of broken JSON.</summary>
    public static EnvelopeRefusal Mismatch(ref JsonCursor cursor, JsonKind got, string? param, string expected)
    {
        if (got != JsonKind.None)
        {
            return EnvelopeRefusal.WrongType(param, expected, got);
        }

        cursor.FailHere();
        return EnvelopeRefusal.NotJson(cursor);
    }

    public static EnvelopeRefusal? Boolean(ref JsonCursor cursor, string param, out bool value)
    {
        value = false;
        var kind = cursor.Peek();
        if (kind != JsonKind.Boolean)
        {
            return Mismatch(ref cursor, kind, param, "a boolean");
        }

        return cursor.ReadBoolean(out value) ? null : EnvelopeRefusal.NotJson(cursor);
    }

    public static EnvelopeRefusal? Text(ref JsonCursor cursor, string param, out JsonText value)
    {
        value = default;
        var kind = cursor.Peek();
        if (kind != JsonKind.String)
        {
            return Mismatch(ref cursor, kind, param, "a string");
        }

        return cursor.ReadString(out value) ? null : EnvelopeRefusal.NotJson(cursor);
    }

    public static EnvelopeRefusal? Integer(ref JsonCursor cursor, string param, IntegerRange range, out long value)
    {
        value = 0;
        var kind = cursor.Peek();
        if (kind != JsonKind.Number)
        {
            return Mismatch(ref cursor, kind, param, range.ToString());
        }

        if (!cursor.ReadNumber(out var number, out var isInteger))
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        if (!isInteger)
        {
            return EnvelopeRefusal.WrongType(param, range.ToString(), Show(number));
        }

        return
            long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value)
            && value >= range.Least
            && value <= range.Most
            ? null
            : EnvelopeRefusal.WrongValue(param, range.ToString(), Show(number));
    }

    public static EnvelopeRefusal? Number(ref JsonCursor cursor, string param, int least, int most)
    {
        var kind = cursor.Peek();
        if (kind != JsonKind.Number)
        {
            return Mismatch(ref cursor, kind, param, $"a number between {least} and {most}");
        }

        if (!cursor.ReadNumber(out var number, out _))
        {
            return EnvelopeRefusal.NotJson(cursor);
        }

        // 1e400 parses to infinity, which is in no range.
        return
            double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= most
            ? null
            : EnvelopeRefusal.WrongValue(param, $"a number between {least} and {most}", Show(number));
    }

    // A caller's own digits are shown back, within reason.
    private static string Show(ReadOnlySpan<byte> number) =>
        number.Length <= 40 ? Encoding.ASCII.GetString(number) : $"a number of {number.Length} characters";
}
