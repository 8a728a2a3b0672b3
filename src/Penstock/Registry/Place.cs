namespace Penstock.Registry;

/// <summary>Where something stands in a document: a path such as <c>keys[0].models</c>, and line and column from 1.</summary>
/// <param name="Line">0: the document has no lines to speak of.</param>
internal readonly record struct Place(int Line, int Column, string Path)
{
    public static Place Nowhere { get; } = new(0, 0, "");

    /// <summary>A field of a request body.</summary>
    public static Place Of(string path) => new(0, 0, path);
}
