using Penstock.Engines;
using Penstock.Registry.Reading;
using Penstock.Routing;

namespace Penstock.Registry;

/// <summary>What a deployment may name: an engine, or where it runs before a dash, as in <c>runpod-vllm</c>.</summary>
internal static class Backends
{
    /// <summary>A header value and a metric label: short.</summary>
    private const int Longest = 63;

    /// <summary>Stands before the engine's name where it runs at RunPod.</summary>
    public const string RunPod = "runpod-";

    public static bool IsAtRunPod(string backend) => backend.StartsWith(RunPod, StringComparison.Ordinal);

    /// <summary>The timeouts of a deployment that says nothing of them.</summary>
    public static DeploymentTimeouts TimeoutsOf(string backend) => IsAtRunPod(backend) ? OfRunPod : new();

    /// <summary>
    /// There, a request may wait for a machine to boot and to download a model: minutes of silence. Pieces of a stream
    /// are posted one by one through its control plane, and a slow one stalls the rest.
    /// </summary>
    private static DeploymentTimeouts OfRunPod { get; } =
        new()
        {
            Connect = TimeSpan.FromSeconds(5),
            FirstByte = TimeSpan.FromMinutes(10),
            Idle = TimeSpan.FromMinutes(2),
        };

    public static TextForm Form { get; } =
        new(
            $"an engine ({string.Join(", ", EngineCatalog.Names)}), or a place and an engine, such as runpod-vllm",
            $@"^([a-z0-9]+-)?({string.Join('|', EngineCatalog.Names)})\z",
            Longest
        );
}
