using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Registry.Reading;

/// <summary>The conversions of single values, one for each kind of field.</summary>
internal static class Conversions
{
    private static readonly string[] MomentFormats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-ddTHH:mmK",
        "yyyy-MM-ddTHH:mm:ssK",
        "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>A kind with its article, for "must be ...".</summary>
    public static string Article(FieldKind kind) =>
        kind switch
        {
            FieldKind.Text => "a text",
            FieldKind.Integer => "a whole number",
            FieldKind.Number => "a number",
            FieldKind.Boolean => "true or false",
            FieldKind.Uuid => "a UUID",
            FieldKind.Duration => "a duration such as 500ms, 2s, 30m or 24h",
            FieldKind.Moment => "a date such as 2030-12-31 or 2030-12-31T18:00:00Z",
            FieldKind.Texts => "a list of texts",
            FieldKind.Objects => "a list of objects",
            FieldKind.ObjectOrWord or FieldKind.Object => "an object",
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of field."),
        };

    public static bool Text(Node node, Field field, out string converted, out string? problem)
    {
        (converted, problem) = ("", null);
        if (node is not ScalarNode scalar)
        {
            return false;
        }

        // A hash of digits only is still a text, however YAML would read it.
        if (scalar.Form is not ScalarForm.Text && field.Form != TextForm.Sha256)
        {
            problem = scalar.Form is ScalarForm.Null ? null : $"must be a text, not {scalar.Kind}: put it in quotes";
            return false;
        }

        converted = scalar.Text;
        if (field.Values is { } values && !values.Contains(converted, StringComparer.Ordinal))
        {
            problem = $"must be one of: {string.Join(", ", values)}{Suggestion.For(converted, values)}";
        }
        else if (field.Form is { } form && !form.Holds(converted))
        {
            problem = $"must be {form.Says}";
        }

        return problem is null;
    }

    public static bool Long(Node node, Field field, out long? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode { Form: ScalarForm.Number } scalar)
        {
            return false;
        }

        if (!long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            problem = $"must be a whole number{Range(field)}, not {scalar.Text}";
        }
        else if (number < field.Min || number > field.Max)
        {
            problem = $"must be a whole number{Range(field)}, not {number}";
        }

        converted = number;
        return problem is null;
    }

    public static bool Number(Node node, Field field, out double? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode { Form: ScalarForm.Number } scalar)
        {
            return false;
        }

        var number = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        problem =
            number >= field.Min && number <= field.Max ? null : $"must be a number{Range(field)}, not {scalar.Text}";
        converted = number;
        return problem is null;
    }

    public static bool Boolean(Node node, Field field, out bool? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode { Form: ScalarForm.Boolean } scalar)
        {
            return false;
        }

        converted = bool.Parse(scalar.Text);
        return true;
    }

    public static bool Uuid(Node node, Field field, out Guid? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode scalar)
        {
            return false;
        }

        if (!Guid.TryParseExact(scalar.Text, "D", out var id) || id == Guid.Empty)
        {
            problem = "must be a UUID such as 0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10";
        }

        converted = id;
        return problem is null;
    }

    public static bool Span(Node node, Field field, out TimeSpan? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode scalar)
        {
            return false;
        }

        // Above a day it is a slip of the unit; and a timer has to be able to hold it.
        if (!Duration.TryParse(scalar.Text, out var span) || span <= TimeSpan.Zero || span > LongestSpan(field))
        {
            problem =
                $"must be {Article(FieldKind.Duration)}, at most {Duration.Format(LongestSpan(field))}, not \"{scalar.Text}\"";
        }

        converted = span;
        return problem is null;
    }

    public static bool Moment(Node node, Field field, out DateTimeOffset? converted, out string? problem)
    {
        (converted, problem) = (null, null);
        if (node is not ScalarNode scalar)
        {
            return false;
        }

        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (
            !DateTimeOffset.TryParseExact(
                scalar.Text,
                MomentFormats,
                CultureInfo.InvariantCulture,
                Style,
                out var moment
            )
        )
        {
            problem = $"must be {Article(FieldKind.Moment)}, not \"{scalar.Text}\"";
        }

        converted = Moments.ToMilliseconds(moment);
        return problem is null;
    }

    private static TimeSpan LongestSpan(Field field) =>
        field.Max < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(field.Max) : TimeSpan.FromHours(24);

    private static string Range(Field field) =>
        (field.Min > double.MinValue, field.Max < double.MaxValue) switch
        {
            (true, true) => $" from {field.Min} to {field.Max}",
            (true, false) => $", at least {field.Min}",
            (false, true) => $", at most {field.Max}",
            _ => "",
        };
}
