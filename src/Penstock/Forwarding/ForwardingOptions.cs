using System.ComponentModel.DataAnnotations;

namespace Penstock.Forwarding;

/// <summary>Settings of the connections to engines (section <c>Forwarding</c>).</summary>
internal sealed class ForwardingOptions
{
    /// <summary>
    /// How long an idle connection is kept, seconds. uvicorn, under most engines, closes after 5: going first spares
    /// the reset.
    /// </summary>
    [Range(0, 3600)]
    public double IdleConnectionSeconds { get; set; } = 4;

    /// <summary>Idle connections kept per replica: the default cap on concurrent requests of a replica.</summary>
    [Range(0, 65536)]
    public int IdleConnectionsPerReplica { get; set; } = 256;

    /// <summary>Bytes of a response head; 32 KiB is what Kestrel allows a request.</summary>
    [Range(1024, 1 << 20)]
    public int ResponseHeadBytes { get; set; } = 32 * 1024;

    /// <summary>Bytes of an engine's error body that are read; the rest cannot matter to a caller.</summary>
    [Range(1024, 1 << 24)]
    public int ErrorBodyBytes { get; set; } = 64 * 1024;
}
