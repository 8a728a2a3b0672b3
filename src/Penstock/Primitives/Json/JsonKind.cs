namespace Penstock.Primitives.Json;

/// <summary>What the next value is, told by its first byte; <see cref="None"/>: no value begins here.</summary>
internal enum JsonKind : byte
{
    None,
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
}
