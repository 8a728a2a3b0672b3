namespace Penstock.Transport.Plain;

/// <summary>What comes next on a connection.</summary>
internal enum NextRequest
{
    /// <summary>A plain request.</summary>
    Plain,

    /// <summary>Something for the framework to read.</summary>
    Other,

    /// <summary>Nothing.</summary>
    Over,

    /// <summary>Nothing yet.</summary>
    Awaited,
}
