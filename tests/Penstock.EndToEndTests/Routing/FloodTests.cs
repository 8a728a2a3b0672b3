using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Routing;

/// <summary>One workspace wants everything at once; another wants one thing after the other.</summary>
public sealed class FloodTests
{
    private const string Model = "m";
    private const int Slots = 8;
    private const int Flood = 1_000;

    [Fact]
    public async Task A_flood_of_a_thousand_requests_delays_another_workspace_by_one_service_time()
    {
        await using var engine = await SimulatorProcess.StartAsync(
            "--model",
            Model,
            "--tokens",
            "10",
            "--ttft",
            "20ms",
            "--itl",
            "20ms"
        );
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("greedy")
                .Tenant("quiet")
                .Deployment(
                    "*",
                    Model,
                    Model,
                    engine.Url,
                    deployment =>
                        deployment["limits"] = new JsonObject
                        {
                            ["max_concurrency"] = Slots,
                            ["queue"] = 2 * Flood,
                            ["queue_wait"] = "5m",
                        }
                )
        );
        var served = 0;
        var flood = Enumerable
            .Range(0, Flood)
            .Select(async _ =>
            {
                var answer = await gateway.As("greedy").ChatAsync(ChatBody.Minimal(Model));
                Interlocked.Increment(ref served);
                return answer.Status;
            })
            .ToList();
        await Until.TrueAsync(() => Volatile.Read(ref served) > Slots, "the flood to be under way");

        var overtaken = new List<int>();
        for (var i = 0; i < 20 && served < Flood / 2; i++)
        {
            var before = Volatile.Read(ref served);
            (await gateway.As("quiet").ChatAsync(ChatBody.Minimal(Model))).Expect(200);
            overtaken.Add(Volatile.Read(ref served) - before);
        }

        // Its slot comes free within one service time, in which each slot serves one of the flood; its own takes another.
        var p95 = overtaken.Order().ElementAt((int)(overtaken.Count * 0.95) - 1);
        Assert.True(overtaken.Count >= 10, "The flood was over too soon to say anything.");
        Assert.True(p95 <= 3 * Slots, $"{string.Join(", ", overtaken)} of the flood were served meanwhile.");
        Assert.All(await Task.WhenAll(flood), status => Assert.Equal(200, status));
    }
}
