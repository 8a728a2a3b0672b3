using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>kill -9 while keys and deployments are written: the database opens, nothing acknowledged is lost.</summary>
public sealed class KillTests
{
    private const int Cycles = 50;
    private const int Writers = 4;

    [Fact]
    public async Task Nothing_acknowledged_is_lost_in_fifty_sudden_deaths()
    {
        using var folder = new TempFolder();
        var keys = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var deployments = new ConcurrentDictionary<string, string>(StringComparer.Ordinal);
        var chance = new Chance(20260101);
        for (var cycle = 0; cycle <= Cycles; cycle++)
        {
            await using var gateway = await GatewayProcess.StartAsync(folder, ["--no-discovery"]);
            await AssertKept(gateway, "keys", "name", keys);
            await AssertKept(gateway, "deployments", "model", deployments);
            if (cycle == 0)
            {
                await gateway.Admin.CreateAsync("workspaces", new JsonObject { ["name"] = "w", ["plan"] = "pro" });
            }

            await WriteUntilKilledAsync(gateway, cycle, 1 + chance.Next(25), keys, deployments);
        }

        Assert.True(
            keys.Count > Cycles && deployments.Count > Cycles,
            $"{keys.Count} and {deployments.Count} written."
        );
    }

    private static async Task WriteUntilKilledAsync(
        GatewayProcess gateway,
        int cycle,
        int acknowledgements,
        ConcurrentDictionary<string, string> keys,
        ConcurrentDictionary<string, string> deployments
    )
    {
        var acknowledged = 0;
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(WriteAsync));
        Assert.True(acknowledged >= acknowledgements, "The gateway died before it was killed.");

        async Task WriteAsync(int writer)
        {
            for (var i = 0; ; i++)
            {
                var name = $"c{cycle}-w{writer}-{i}";
                try
                {
                    if (writer % 2 == 0)
                    {
                        var key = await gateway.Admin.CreateAsync(
                            "keys",
                            new JsonObject { ["workspace"] = "w", ["name"] = name }
                        );
                        keys[key["id"]!.GetValue<string>()] = name;
                    }
                    else
                    {
                        var made = await gateway.DeployAsync("w", name, "org/model", "http://127.0.0.1:9");
                        deployments[made["id"]!.GetValue<string>()] = name;
                    }
                }
                catch (HttpRequestException)
                {
                    return;
                }

                if (Interlocked.Increment(ref acknowledged) == acknowledgements)
                {
                    // In the middle of whatever the other writers are doing.
                    gateway.Process.KillHard();
                }
            }
        }
    }

    private static async Task AssertKept(
        GatewayProcess gateway,
        string resource,
        string naming,
        ConcurrentDictionary<string, string> acknowledged
    )
    {
        var rows = await gateway.Admin.ListAsync(resource);
        var found = rows.ToDictionary(
            row => row["id"]!.GetValue<string>(),
            row => row[naming]!.GetValue<string>(),
            StringComparer.Ordinal
        );
        foreach (var (id, name) in acknowledged)
        {
            Assert.True(found.GetValueOrDefault(id) == name, $"Acknowledged and lost: {resource} {name} {id}");
        }
    }
}
