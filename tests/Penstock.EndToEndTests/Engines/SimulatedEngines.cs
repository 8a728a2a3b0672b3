using System.Globalization;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>A gateway in front of every dialect of the simulator, looking at each of them all the time.</summary>
public sealed class SimulatedEngines : IAsyncLifetime
{
    internal IReadOnlyList<SimulatedEngine> All { get; private set; } = [];

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal GatewayClient Client => Gateway.As("acme");

    public async ValueTask InitializeAsync()
    {
        All = await Task.WhenAll(
            SimulatedEngine.All.Select(async engine => new SimulatedEngine(
                engine.Dialect,
                engine.Backend,
                // Eight slots, so that those that refuse n above their slots have some.
                await SimulatorProcess.StartAsync("--dialect", engine.Dialect, "--max-num-seqs", "8")
            ))
        );
        var declaration = new Declaration().Tenant("acme");
        foreach (var engine in All)
        {
            engine.DeclareIn(declaration);
        }

        Gateway = await GatewayProcess.StartAsync(
            declaration,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PENSTOCK__RunPod__QueueUrl"] = UrlOf("runpod-queue") + "/v2/{endpoint}",
                ["PENSTOCK__RunPod__LoadBalancerUrl"] = UrlOf("runpod-lb"),
                ["PENSTOCK__Probing__HealthSeconds"] = Often,
                ["PENSTOCK__Probing__LoadSeconds"] = Often,
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        foreach (var engine in All)
        {
            await engine.Simulator.DisposeAsync();
        }
    }

    private static string Often => 0.1.ToString(CultureInfo.InvariantCulture);

    private string UrlOf(string dialect) => All.Single(engine => engine.Dialect == dialect).Simulator.Url;
}
