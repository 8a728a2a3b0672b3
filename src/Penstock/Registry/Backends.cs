using Penstock.Engines;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>What a deployment may name: an engine, or where it runs before a dash, as in <c>runpod-vllm</c>.</summary>
internal static class Backends
{
    /// <summary>A header value and a metric label: short.</summary>
    private const int Longest = 63;

    public static TextForm Form { get; } =
        new(
            $"an engine ({string.Join(", ", EngineCatalog.Names)}), or a place and an engine, such as runpod-vllm",
            $@"^([a-z0-9]+-)?({string.Join('|', EngineCatalog.Names)})\z",
            Longest
        );
}
