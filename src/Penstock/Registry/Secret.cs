namespace Penstock.Registry;

/// <summary>A credential in memory: it compares by value and prints as stars, so that no log line can spell it.</summary>
internal readonly record struct Secret(string Value)
{
    public override string ToString() => "***";
}
