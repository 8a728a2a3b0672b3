namespace Penstock.Forwarding;

/// <summary>Why a call to an engine did not go on. Who failed, and when.</summary>
internal enum UpstreamFailure
{
    None,

    /// <summary>No connection: refused, unreachable, unknown host, TLS refused, or too slow to connect.</summary>
    Connect,

    /// <summary>The engine closed or reset the connection before its answer was whole.</summary>
    Closed,

    /// <summary>The engine broke HTTP.</summary>
    Protocol,

    /// <summary>No first byte of the answer's body in time.</summary>
    FirstByteTimeout,

    /// <summary>Too long a silence within the answer.</summary>
    IdleTimeout,

    /// <summary>The whole call took too long.</summary>
    TotalTimeout,

    /// <summary>The caller hung up.</summary>
    ClientGone,

    /// <summary>The gateway stops and the call outlived the grace period.</summary>
    Stopping,
}
