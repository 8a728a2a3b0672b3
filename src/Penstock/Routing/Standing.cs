namespace Penstock.Routing;

/// <summary>
/// Whether a replica may have a request now, from best to worst. Up to <see cref="Tried"/> it may, if none stands
/// better; from <see cref="Full"/> on it may not.
/// </summary>
internal enum Standing
{
    Available,

    /// <summary>A health check found it failing; traffic has not said so yet.</summary>
    ReportedFailing,

    /// <summary>It failed a moment ago.</summary>
    Resting,

    /// <summary>It failed this very request.</summary>
    Tried,

    /// <summary>All its slots are taken.</summary>
    Full,

    /// <summary>The engine asked to be left alone for a while.</summary>
    BackingOff,

    Starting,

    /// <summary>The breaker is open: it failed too often.</summary>
    CircuitOpen,

    /// <summary>It kept silent to this very request, or cannot do what is wanted.</summary>
    GivenUp,

    /// <summary>The operator wants it empty.</summary>
    Drained,
}
