using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// A gateway whose deployments have a fallback with other weights: model <c>spare</c>, on an engine that is always well
/// and refuses a partial assistant message, as engines do that do not know it.
/// </summary>
public sealed class SituationGateway : IAsyncLifetime
{
    public const string Tenant = "acme";
    public const string Weights = "org/model";

    private int _deployments;

    internal GatewayProcess Gateway { get; private set; } = null!;

    internal SimulatorProcess Spare { get; private set; } = null!;

    internal GatewayClient Client => Gateway.As(Tenant);

    public async ValueTask InitializeAsync()
    {
        Spare = await SimulatorProcess.StartAsync("--model", "org/spare");
        Gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant(Tenant).Deployment(Tenant, "spare", "org/spare", Spare.Url),
            // Health checks of engines that die on purpose are no part of these tests.
            new Dictionary<string, string?>(StringComparer.Ordinal) { ["PENSTOCK__Probing__HealthSeconds"] = "0" }
        );
    }

    /// <summary>An engine with the weights that these tests are about, quick enough for tests.</summary>
    internal static Task<SimulatorProcess> EngineAsync(params string[] more) =>
        SimulatorProcess.StartAsync(["--model", Weights, "--tokens", "60", "--itl", "2ms", .. more]);

    /// <summary>A deployment of the test's own; its model's name.</summary>
    internal async Task<string> DeployAsync(Action<JsonObject>? more, params SimulatorProcess[] engines)
    {
        var model = $"situation-{Interlocked.Increment(ref _deployments)}";
        await Gateway.DeployAsync(
            Tenant,
            model,
            Weights,
            engines[0].Url,
            deployment =>
            {
                deployment["replicas"] = new JsonArray([
                    .. engines.Select(engine => (JsonNode)new JsonObject { ["url"] = engine.Url }),
                ]);
                deployment["fallbacks"] = new JsonArray("spare");
                more?.Invoke(deployment);
            }
        );
        return model;
    }

    /// <summary>The official library, as a caller sets it up.</summary>
    internal ChatClient Library(string model) =>
        new(
            model,
            new ApiKeyCredential(Declaration.Secret(Tenant)),
            new OpenAIClientOptions { Endpoint = new Uri(Gateway.BaseUrl + "/v1") }
        );

    public async ValueTask DisposeAsync()
    {
        if (Gateway is not null)
        {
            await Gateway.DisposeAsync();
        }

        if (Spare is not null)
        {
            await Spare.DisposeAsync();
        }
    }
}
