using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Routing;

/// <summary>One of two replicas becomes slow and shows no error: its callers are answered by the other.</summary>
public sealed class HedgingTests
{
    private const string Model = "m";
    private const int Warm = 40;
    private const int Asked = 8;

    [Fact]
    public async Task A_replica_that_has_become_slow_delays_nobody_and_only_the_winner_is_billed()
    {
        await using var one = await EngineAsync();
        await using var two = await EngineAsync();
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Deployment(
                    "acme",
                    Model,
                    Model,
                    one.Url,
                    deployment =>
                    {
                        deployment["replicas"] = new JsonArray(
                            new JsonObject { ["url"] = one.Url },
                            new JsonObject { ["url"] = two.Url }
                        );
                        deployment["policy"] = "round_robin";
                        deployment["hedge"] = "auto";
                    }
                ),
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["PENSTOCK__Routing__HedgeSamples"] = $"{Warm / 2}",
                ["PENSTOCK__Probing__HealthSeconds"] = "0",
                ["PENSTOCK__Probing__LoadSeconds"] = "0",
            }
        );
        for (var i = 0; i < Warm; i++)
        {
            await AskAsync(gateway);
        }

        await one.FaultsAsync("ttft=10m");
        // Half of them come to the slow one, whose answers would outlast the test.
        var ids = new List<string>();
        for (var i = 0; i < Asked; i++)
        {
            ids.Add(await AskAsync(gateway));
        }

        await Until.TrueAsync(async () => await one.CountAsync("running") == 0, "the losers to be broken off");
        await AssertExplainedAsync(gateway, ids, slow: one, quick: two);
        await AssertBilledOnceAsync(gateway);
        var standing = (await gateway.Admin.GetAsync($"deployments/{await IdAsync(gateway)}/status")).Expect(200).Json;
        Assert.All(
            standing["replicas"]!.AsArray(),
            replica => Assert.Equal("available", replica!["standing"]!.GetValue<string>())
        );
    }

    /// <summary>The slow one was asked, was outrun, and is not what the ledger names.</summary>
    private static async Task AssertExplainedAsync(
        GatewayProcess gateway,
        IEnumerable<string> ids,
        SimulatorProcess slow,
        SimulatorProcess quick
    )
    {
        var hedged = 0;
        foreach (var id in ids)
        {
            var steps = (await gateway.Admin.GetAsync($"requests/{id}")).Expect(200).Json["steps"]!.AsArray();
            var kinds = steps.Select(step => step!["step"]!.GetValue<string>()).ToList();
            if (!kinds.Contains("hedged", StringComparer.Ordinal))
            {
                continue;
            }

            hedged++;
            Assert.Equal(quick.Url, Replica(steps, "hedged"));
            Assert.Equal(
                [(slow.Url, "outrun"), (quick.Url, "completed")],
                steps
                    .Where(step => step!["step"]!.GetValue<string>() == "attempt_end")
                    .Select(step => (step!["replica"]!.GetValue<string>(), step["text"]!.GetValue<string>()))
            );
        }

        Assert.True(hedged >= Asked / 4, $"{hedged} of {Asked} were hedged.");
        var metrics = PrometheusText.Parse((await gateway.WithSecret(null).GetAsync("/metrics")).Expect(200).Text);
        var won = metrics.Where(sample => sample.Is("penstock_hedges_total", ("outcome", "won"))).Sum(s => s.Value);
        Assert.True(won >= hedged, $"{won} are counted, {hedged} were seen.");
    }

    private static string Replica(JsonArray steps, string kind) =>
        steps.Single(step => step!["step"]!.GetValue<string>() == kind)!["replica"]!.GetValue<string>();

    private static async Task AssertBilledOnceAsync(GatewayProcess gateway)
    {
        JsonNode? row = null;
        await Until.TrueAsync(
            async () =>
            {
                row = (await gateway.Admin.GetAsync("usage?by=key")).Expect(200).Json["data"]!.AsArray()[0];
                return row!["requests"]!.GetValue<long>() == Warm + Asked;
            },
            "the ledger to have them all"
        );
        var answer = (await gateway.As("acme").ChatAsync(ChatBody.Minimal(Model))).Expect(200).Json["usage"]!;
        foreach (var kind in (string[])["prompt_tokens", "completion_tokens"])
        {
            Assert.Equal((Warm + Asked) * answer[kind]!.GetValue<long>(), row![kind]!.GetValue<long>());
        }
    }

    private static async Task<string> IdAsync(GatewayProcess gateway) =>
        (await gateway.Admin.ListAsync("deployments"))[0]["id"]!.GetValue<string>();

    private static async Task<string> AskAsync(GatewayProcess gateway)
    {
        var answer = (await gateway.As("acme").ChatAsync(ChatBody.Minimal(Model)).Soon("an answer")).Expect(200);
        Assert.Equal(Model, answer.Header("X-Model-Used"));
        return answer.Header("X-Request-Id")!;
    }

    private static Task<SimulatorProcess> EngineAsync() =>
        SimulatorProcess.StartAsync("--model", Model, "--tokens", "8", "--ttft", "5ms", "--itl", "1ms");
}
