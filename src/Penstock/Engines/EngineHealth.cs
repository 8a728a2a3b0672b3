namespace Penstock.Engines;

/// <summary>How an engine is, by its own word.</summary>
internal enum EngineHealth
{
    /// <summary>It takes requests.</summary>
    Alive,

    /// <summary>It will take requests: it is booting or loading its model.</summary>
    Starting,

    /// <summary>Its host has no machine for it: nobody knows when it will start.</summary>
    Throttled,

    /// <summary>It is broken, or says nothing that makes sense.</summary>
    Failing,
}

/// <summary>Judges the answer to a health check.</summary>
internal delegate EngineHealth HealthRule(int status, ReadOnlySpan<byte> body);
