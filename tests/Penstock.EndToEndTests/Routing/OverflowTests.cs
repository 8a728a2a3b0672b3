using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Routing;

/// <summary>Several deployments of one model: the second is an overflow of the first.</summary>
public sealed class OverflowTests
{
    private const string Model = "m";
    private const int Slots = 2;

    [Fact]
    public async Task The_workspace_s_own_deployment_comes_first_then_the_shared_one_and_full_ones_come_last()
    {
        await using var own = await EngineAsync("org/own");
        await using var shared = await EngineAsync("org/shared");
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Deployment("*", Model, "org/shared", shared.Url, Small)
                .Deployment("acme", Model, "org/own", own.Url, Small)
        );

        // One after the other: the own one always has room.
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal("org/own", await AskAsync(gateway));
        }

        Assert.Equal(0, await shared.CountAsync("generations"));

        // All at once: what the own one has no slot for goes to the shared one, and what neither has waits.
        await own.FaultsAsync("ttft=400ms");
        await shared.FaultsAsync("ttft=400ms");
        var answered = await Task.WhenAll(Enumerable.Range(0, 3 * Slots).Select(_ => AskAsync(gateway)));
        Assert.True(answered.Count(model => model == "org/own") >= Slots, string.Join(", ", answered));
        Assert.True(answered.Count(model => model == "org/shared") >= Slots, string.Join(", ", answered));

        // The own one is away: the shared one serves alone, and the own one again when it is back.
        await own.FaultsAsync("");
        await shared.FaultsAsync("");
        await own.DieAsync("1s");
        Assert.Equal("org/shared", await AskAsync(gateway));
        await Until.TrueAsync(async () => await AskAsync(gateway) == "org/own", "the first deployment to be back");
    }

    private static void Small(JsonObject deployment) =>
        deployment["limits"] = new JsonObject { ["max_concurrency"] = Slots, ["queue"] = 16 };

    private static async Task<string> AskAsync(GatewayProcess gateway) =>
        (await gateway.As("acme").ChatAsync(ChatBody.Minimal(Model))).Expect(200).Header("X-Model-Used")!;

    private static Task<SimulatorProcess> EngineAsync(string model) =>
        SimulatorProcess.StartAsync("--model", model, "--tokens", "4", "--ttft", "2ms", "--itl", "0ms");
}
