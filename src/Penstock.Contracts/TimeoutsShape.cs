namespace Penstock.Contracts;

/// <summary>How long each part of a call may take, each as in <c>500ms</c>, <c>2s</c>, <c>30m</c>.</summary>
public sealed record TimeoutsShape
{
    /// <summary>TCP and TLS.</summary>
    public string? Connect { get; init; }

    /// <summary>Request sent to the answer's first byte.</summary>
    public string? FirstByte { get; init; }

    /// <summary>Between two reads of an answer.</summary>
    public string? Idle { get; init; }

    /// <summary>The whole call.</summary>
    public string? Total { get; init; }
}
