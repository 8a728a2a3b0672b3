namespace Penstock.Registry.Changes;

/// <summary>What was asked for, and where each field of it was written down.</summary>
internal sealed record Declared<T>(T Value, Func<string, Place> At)
{
    /// <summary>Asked for by the program itself.</summary>
    public static Declared<T> ByProgram(T value) => new(value, Place.Of);
}
