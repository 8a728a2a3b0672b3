namespace Penstock.Contracts;

/// <summary>Where one replica listens, and where the credential for it comes from.</summary>
public sealed record ReplicaShape
{
    public string? Url { get; init; }

    /// <summary>The credential itself: stored encrypted, never in an answer.</summary>
    public string? ApiKey { get; init; }

    /// <summary>Environment variable of the server that holds the credential.</summary>
    public string? ApiKeyEnv { get; init; }

    /// <summary>File on the server that holds the credential.</summary>
    public string? ApiKeyFile { get; init; }

    /// <summary>Share of the traffic, at least 1; absent: 1.</summary>
    public int? Weight { get; init; }

    /// <summary>It gets nothing new, and what runs on it ends; absent: no.</summary>
    public bool? Drained { get; init; }

    /// <summary>Without the credential.</summary>
    public override string ToString() => $"Replica {{ Url = {Url}, Weight = {Weight} }}";
}
