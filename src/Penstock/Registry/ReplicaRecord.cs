using Penstock.Engines.RunPod;

namespace Penstock.Registry;

/// <summary>Where one replica listens and where the credential for it comes from: one of three sources, or none.</summary>
internal sealed record ReplicaRecord
{
    /// <summary>
    /// Scheme, host, port and an optional base path, without a slash at the end; or an endpoint of RunPod, as
    /// <see cref="RunPodEndpoint"/> writes it.
    /// </summary>
    public required string Url { get; init; }

    /// <summary>The endpoint, where it is one.</summary>
    public RunPodEndpoint? RunPod => RunPodEndpoint.Find(Url);

    /// <summary>Given through the API; encrypted at rest.</summary>
    public Secret? ApiKey { get; init; }

    /// <summary>Environment variable that holds the credential.</summary>
    public string? ApiKeyEnv { get; init; }

    /// <summary>File that holds the credential.</summary>
    public string? ApiKeyFile { get; init; }

    public int Weight { get; init; } = 1;

    /// <summary>It gets nothing new; what runs on it ends.</summary>
    public bool Drained { get; init; }
}
