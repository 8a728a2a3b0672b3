namespace Penstock.Routing;

/// <summary>How often an engine is asked to say what a stream has used so far.</summary>
internal enum UsageReporting
{
    /// <summary>With every chunk where the engine knows how, else at the end.</summary>
    Auto,

    /// <summary>At the end only: a stream that is cut is known by its chunks.</summary>
    Final,

    /// <summary>Not at all, unless the caller asks.</summary>
    Off,
}
