namespace Penstock.Registry.Reading;

/// <summary>Makes a value of a piece of a document. False without a problem: it is of the wrong type.</summary>
internal delegate bool Conversion<T>(Node node, Field field, out T converted, out string? problem);
