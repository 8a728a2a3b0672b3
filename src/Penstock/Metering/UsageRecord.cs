using System.Runtime.InteropServices;
using Penstock.Engines;

namespace Penstock.Metering;

/// <summary>
/// One request as the ledger keeps it. A struct: handing it over is one copy and no allocation. Times are whole
/// microseconds from the first step; a null is "there was none".
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct UsageRecord
{
    /// <summary>Time-ordered, and the key of the row: a record that comes twice is one row.</summary>
    public required Guid RequestId { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long EndedAt { get; init; }

    public required Guid WorkspaceId { get; init; }
    public required Guid KeyId { get; init; }

    /// <summary>The name callers use, of the deployment that answered or was tried last; null: none was reached.</summary>
    public string? Model { get; init; }

    public Guid? DeploymentId { get; init; }

    /// <summary>Base URL of the replica that answered or was tried last.</summary>
    public string? Replica { get; init; }

    public string? Backend { get; init; }

    /// <summary>Label of the ending.</summary>
    public required string Ending { get; init; }

    /// <summary>It ended with an error, and not because the caller left.</summary>
    public bool Failed { get; init; }

    public int Status { get; init; }
    public int Attempts { get; init; }

    /// <summary>Null: no engine was asked, so there is nothing to count.</summary>
    public TokenUsage? Tokens { get; init; }

    /// <summary>The tokens are the gateway's own count, not the engine's.</summary>
    public bool Estimated { get; init; }

    public long? Queued { get; init; }
    public long? FirstByte { get; init; }
    public long Duration { get; init; }

    /// <summary>As it was when the request ended.</summary>
    public TokenPrice? Price { get; init; }

    /// <summary>In nano-units of the operator's currency; 0 where there is no price or nothing to pay.</summary>
    public long Cost => Price is { } price && Tokens is { } tokens ? price.Of(tokens) : 0;
}
