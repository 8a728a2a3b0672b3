using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>What an operator learns of an engine, from processes alone.</summary>
public sealed class ProbeTests
{
    private const string Model = "demo";

    [Fact]
    public async Task An_engine_is_probed_when_it_is_registered_and_its_card_shown()
    {
        await using var simulator = await SimulatorProcess.StartAsync("--enable-auto-tool-choice=off");
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", Model, Model, simulator.Url),
            probes: true
        );

        JsonNode? state = null;
        await Until.TrueAsync(
            async () =>
            {
                var shown = (await gateway.Cli.RunAsync("deployments", "show", Model, "--json")).Expect(0);
                state = Assert.Single(shown.Json["states"]!.AsArray());
                return state!["card"] is not null;
            },
            "the card of the engine"
        );

        Assert.Equal("alive", state!["condition"]!.GetValue<string>());
        Assert.Equal("no", state["card"]!["findings"]!["auto_tool_choice"]!.GetValue<string>());
        Assert.Equal(0, state["running"]!.GetValue<int>());
        Assert.InRange(await simulator.CountAsync("generations"), 1, 12);
        Assert.InRange(await simulator.CountAsync("generated_tokens"), 1, 40);
        var text = (await gateway.Cli.RunAsync("deployments", "show", Model)).Expect(0).Output;
        Assert.Contains("--enable-auto-tool-choice", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_probe_by_hand_is_kept_over_a_restart_and_costs_nothing_more()
    {
        await using var simulator = await SimulatorProcess.StartAsync();
        using var folder = new TempFolder();
        folder.Write(
            "penstock.yaml",
            new Declaration().Tenant("acme").Deployment("acme", Model, Model, simulator.Url).ToString()
        );
        string[] arguments =
        [
            "--no-discovery",
            "--config",
            folder.File("penstock.yaml"),
            "Probing:AtRegistration=false",
            "Probing:IdleWatchSeconds=0",
        ];
        await using (var gateway = await GatewayProcess.StartAsync(folder, arguments))
        {
            var probed = (await gateway.Cli.RunAsync("deployments", "probe", Model, "--json")).Expect(0);
            Assert.Equal(
                "yes",
                probed.Json.AsArray()[0]!["card"]!["findings"]!["usage_in_streams"]!.GetValue<string>()
            );
            Assert.Equal(0, await gateway.StopAsync());
        }

        var calls = await simulator.CountAsync("generations");
        await using var again = await GatewayProcess.StartAsync(folder, arguments);

        var shown = (await again.Cli.RunAsync("deployments", "show", Model, "--json")).Expect(0);
        Assert.NotNull(shown.Json["states"]!.AsArray()[0]!["card"]);
        Assert.Equal(calls, await simulator.CountAsync("generations"));
    }

    [Fact]
    public async Task A_replica_that_is_down_is_told_and_fails_the_verb()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", Model, Model, $"http://127.0.0.1:{FreePort.Take()}")
        );

        var outcome = await gateway.Cli.RunAsync("deployments", "probe", Model);

        Assert.Contains("connection refused", outcome.Expect(1).Errors, StringComparison.OrdinalIgnoreCase);
    }
}
