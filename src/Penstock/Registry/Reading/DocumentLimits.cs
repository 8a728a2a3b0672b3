namespace Penstock.Registry.Reading;

/// <summary>Bounds of a document: what a person or their generator writes fits, a bomb does not.</summary>
internal static class DocumentLimits
{
    /// <summary>About ten thousand keys and deployments.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The deepest thing we know is six levels down.</summary>
    public const int MostDepth = 32;

    /// <summary>Counted with every alias written out, so that aliases of aliases cannot multiply.</summary>
    public const int MostNodes = 500_000;
}
