namespace Penstock.Registry.Reading;

/// <summary>The types a field can have.</summary>
internal enum FieldKind
{
    Text,
    Integer,
    Number,
    Boolean,
    Uuid,

    /// <summary>A whole number and a unit: <c>500ms</c>, <c>2s</c>, <c>30m</c>, <c>24h</c>.</summary>
    Duration,

    /// <summary>A date, or a date with a time.</summary>
    Moment,
    Texts,
    Object,
    Objects,

    /// <summary>An object, or one word instead of it.</summary>
    ObjectOrWord,
}
