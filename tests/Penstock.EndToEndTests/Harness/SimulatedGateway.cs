using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Harness;

/// <summary>
/// A gateway in front of the simulator, with everything that a client library may run into: a model, one with a slash
/// in its name, one to send failures to, one that is down, and keys of each kind. Only requests of tests reach the engine.
/// </summary>
public sealed class SimulatedGateway : IAsyncLifetime
{
    public const string Model = "demo";
    public const string SlashedModel = "meta-llama/Llama-3.3-70B-Instruct";
    public const string DownModel = "down";

    /// <summary>Its replica may be taken out of use, which the others' must not be.</summary>
    public const string FailingModel = "failing";

    public const string Tenant = "acme";
    public const string ScopedKey = "scoped";
    private const string SlowPlan = "slow-plan";

    internal SimulatorProcess Simulator { get; private set; } = null!;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal GatewayClient Client => Gateway.As(Tenant);

    public async ValueTask InitializeAsync()
    {
        Simulator = await SimulatorProcess.StartAsync();
        Gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant(Tenant)
                .Key(ScopedKey, Tenant, key => key["models"] = new JsonArray(SlashedModel))
                // Thirty a minute: the next request passes after two seconds, longer than any client's own first pause.
                .Plan(SlowPlan, 30, 30, burst: 1)
                .Workspace("slow", SlowPlan)
                .Deployment("*", Model, "demo", Simulator.Url)
                .Deployment(Tenant, SlashedModel, "demo", Simulator.Url)
                .Deployment(Tenant, FailingModel, "demo", Simulator.Url)
                .Deployment(Tenant, DownModel, "demo", $"http://127.0.0.1:{FreePort.Take()}")
        );
    }

    /// <summary>A fresh key whose second request at once is one too many.</summary>
    internal async Task<string> SlowSecretAsync(string name)
    {
        var body = new JsonObject { ["workspace"] = "slow", ["name"] = name };
        return (await Gateway.Admin.CreateAsync("keys", body))["secret"]!.GetValue<string>();
    }

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Simulator is not null)
        {
            await Simulator.DisposeAsync();
        }
    }
}
