namespace Penstock.Registry.Reading;

/// <summary>Reading a field by its kind.</summary>
internal static class FieldsOfKinds
{
    public static string Text(this Fields fields, string name, string current, string? byDefault = null) =>
        fields.Read(name, current, byDefault ?? current, Conversions.Text);

    public static string? TextOrNull(this Fields fields, string name, string? current) =>
        fields.Read<string?>(name, current, null, TextOrNull);

    public static int? Integer(this Fields fields, string name, int? current, int? byDefault) =>
        (int?)fields.Read(name, current, byDefault, (Conversion<long?>)Conversions.Long);

    public static long? Long(this Fields fields, string name, long? current, long? byDefault) =>
        fields.Read(name, current, byDefault, (Conversion<long?>)Conversions.Long);

    public static double? Number(this Fields fields, string name, double? current, double? byDefault) =>
        fields.Read(name, current, byDefault, (Conversion<double?>)Conversions.Number);

    public static bool Boolean(this Fields fields, string name, bool current) =>
        fields.Read(name, current, current, (Conversion<bool?>)Conversions.Boolean) ?? current;

    public static Guid? Uuid(this Fields fields, string name, Guid? current) =>
        fields.Read(name, current, current, (Conversion<Guid?>)Conversions.Uuid);

    public static TimeSpan Span(this Fields fields, string name, TimeSpan current, TimeSpan byDefault) =>
        fields.Read(name, current, byDefault, (Conversion<TimeSpan?>)Conversions.Span) ?? byDefault;

    public static DateTimeOffset? Moment(this Fields fields, string name, DateTimeOffset? current) =>
        fields.Read(name, current, null, (Conversion<DateTimeOffset?>)Conversions.Moment);

    private static bool TextOrNull(Node node, Field field, out string? converted, out string? problem) =>
        Conversions.Text(node, field, out converted!, out problem);
}
