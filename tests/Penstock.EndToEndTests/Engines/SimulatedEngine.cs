using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>One dialect of the simulator behind the gateway: the model of its name is served by it.</summary>
/// <param name="Dialect">As the simulator calls it, and the model's name.</param>
/// <param name="Backend">As a deployment calls it.</param>
internal sealed record SimulatedEngine(string Dialect, string Backend, SimulatorProcess Simulator)
{
    public const string UpstreamModel = "demo";

    /// <summary>Every dialect with its backend.</summary>
    public static IReadOnlyList<(string Dialect, string Backend)> All { get; } =
    [
        ("vllm", "vllm"),
        ("sglang", "sglang"),
        ("trtllm", "trtllm"),
        ("llamacpp", "llamacpp"),
        ("ollama", "ollama"),
        ("tgi", "tgi"),
        ("openai", "openai"),
        ("runpod-queue", "runpod-vllm"),
        ("runpod-lb", "runpod-vllm"),
    ];

    public void DeclareIn(Declaration declaration) =>
        declaration.Deployment(
            "*",
            Dialect,
            UpstreamModel,
            Simulator.Url,
            deployment =>
            {
                deployment["backend"] = Backend;
                deployment["retry"] = new JsonObject { ["attempts"] = 1 };
                if (Dialect.StartsWith("runpod-", StringComparison.Ordinal))
                {
                    deployment["replicas"] = new JsonArray(
                        new JsonObject
                        {
                            ["runpod"] = "abc123",
                            ["mode"] = Dialect == "runpod-queue" ? "queue" : "load_balancer",
                        }
                    );
                }
            }
        );
}
