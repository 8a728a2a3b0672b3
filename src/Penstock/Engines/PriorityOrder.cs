namespace Penstock.Engines;

/// <summary>Which way an engine's request field <c>priority</c> points.</summary>
internal enum PriorityOrder
{
    /// <summary>It knows no priorities.</summary>
    None,

    /// <summary>The lower number goes first.</summary>
    LowFirst,

    /// <summary>The higher number goes first.</summary>
    HighFirst,
}
