using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>Runs a client script once and keeps what each scenario reported: a result, or the error that escaped it.</summary>
internal static class NodeScenarios
{
    public static async Task<JsonObject> RunAsync(SimulatedGateway fixture, string script) =>
        await NodeClient.RunAsync(
            script,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["BASE_URL"] = fixture.Gateway.BaseUrl + "/v1",
                ["DEAD_URL"] = $"http://127.0.0.1:{FreePort.Take()}/v1",
                ["API_KEY"] = Declaration.Secret(SimulatedGateway.Tenant),
                ["SCOPED_KEY"] = Declaration.Secret(SimulatedGateway.ScopedKey),
                ["SLOW_KEY"] = await fixture.SlowSecretAsync(script),
                ["MODEL"] = SimulatedGateway.Model,
                ["SLASHED_MODEL"] = SimulatedGateway.SlashedModel,
                ["FAILING_MODEL"] = SimulatedGateway.FailingModel,
                ["DOWN_MODEL"] = SimulatedGateway.DownModel,
            }
        );

    /// <summary>A scenario that must have run through; its report.</summary>
    public static JsonObject Passed(this JsonObject report, string scenario)
    {
        var result = report[scenario]?.AsObject();
        Assert.True(result is not null && !result.ContainsKey("escaped"), result?.ToJsonString() ?? "not run");
        return result!;
    }
}
