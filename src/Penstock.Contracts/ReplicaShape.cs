using System.Text.Json.Serialization;

namespace Penstock.Contracts;

/// <summary>Where one replica listens, and where the credential for it comes from.</summary>
public sealed record ReplicaShape
{
    public string? Url { get; init; }

    /// <summary>The id of an endpoint at RunPod, in place of a URL.</summary>
    public string? Runpod { get; init; }

    /// <summary>The kind of that endpoint: <c>queue</c> or <c>load_balancer</c>; absent: queue.</summary>
    public string? Mode { get; init; }

    /// <summary>Where it is, as the command line writes it.</summary>
    [JsonIgnore]
    public string Place => Runpod is null ? Url ?? "" : $"runpod:{Runpod}{(Mode is null or "queue" ? "" : $":{Mode}")}";

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
    public override string ToString() => $"Replica {{ Place = {Place}, Weight = {Weight} }}";
}
