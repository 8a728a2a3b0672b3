using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Routing;

/// <summary>Two gateways that know nothing of each other, before eight engines with small caches.</summary>
public sealed class PrefixFleetTests
{
    private const string Tenant = "acme";
    private const string Model = "m";
    private const string Weights = "org/m";
    private const int Engines = 8;
    private const int Requests = 4_000;
    private const int Applications = 48;

    /// <summary>Room for a quarter of the forty-eight prompts in one engine.</summary>
    private const int CacheTokens = 16_000;

    [Fact]
    public async Task Caches_are_hit_nearly_as_often_as_by_one_router_that_knows_all_and_nobody_has_too_much()
    {
        var engines = await Task.WhenAll(Enumerable.Range(0, Engines).Select(_ => EngineAsync(CacheTokens)));
        var whole = await EngineAsync(Engines * CacheTokens);
        try
        {
            using var folder = await RegistryAsync("prefix", engines);
            using var copy = CopyOf(folder);
            using var another = await RegistryAsync("prefix", whole);
            await using var one = await GatewayAsync(folder);
            await using var other = await GatewayAsync(copy);
            await using var omniscient = await GatewayAsync(another);

            await RunAsync(one, other);
            await RunAsync(omniscient, omniscient);

            var served = await Task.WhenAll(engines.Select(engine => engine.CountAsync("generations")));
            var hits = await Task.WhenAll(engines.Select(engine => engine.CountAsync("prefix_hits")));
            var best = await whole.CountAsync("prefix_hits");
            TestContext.Current.TestOutputHelper!.WriteLine(
                $"{hits.Sum()} of {best} tokens hit; served {string.Join(", ", served)}"
            );

            Assert.True(hits.Sum() >= 0.9 * best, $"{hits.Sum()} tokens of {best} were found in a cache.");
            Assert.True(served.Max() <= 1.25 * Requests / Engines, string.Join(", ", served));
        }
        finally
        {
            foreach (var engine in engines.Append(whole))
            {
                await engine.DisposeAsync();
            }
        }
    }

    /// <summary>Engines that take their time over a prompt that is not in their cache, as real ones do.</summary>
    [Fact]
    public async Task The_first_token_comes_sooner_than_by_turns()
    {
        var byPrefix = await FirstTokenAsync("prefix");
        var byTurns = await FirstTokenAsync("round_robin");

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"mean time to the first token: {byPrefix * 1e3:0.0} ms by prefix, {byTurns * 1e3:0.0} ms by turns, "
                + $"ratio {byPrefix / byTurns:0.00}"
        );
        Assert.True(byPrefix < byTurns, $"{byPrefix} s by prefix, {byTurns} s by turns");
    }

    /// <summary>The mean of 1,500 requests, in seconds, as the two gateways have seen it.</summary>
    private static async Task<double> FirstTokenAsync(string policy)
    {
        string[] slow = ["--tokens", "1", "--step-base", "2ms", "--step-per-prompt-token", "40us"];
        var engines = await Task.WhenAll(Enumerable.Range(0, Engines).Select(_ => EngineAsync(CacheTokens, slow)));
        try
        {
            using var folder = await RegistryAsync(policy, engines);
            using var copy = CopyOf(folder);
            await using var one = await GatewayAsync(folder);
            await using var other = await GatewayAsync(copy);
            await RunAsync(one, other, requests: 1_500);
            var samples = new List<PrometheusSample>();
            foreach (var gateway in (GatewayProcess[])[one, other])
            {
                samples.AddRange(
                    PrometheusText.Parse((await gateway.WithSecret(null).GetAsync("/metrics")).Expect(200).Text)
                );
            }

            return Sum("penstock_request_time_to_first_byte_seconds_sum")
                / Sum("penstock_request_time_to_first_byte_seconds_count");

            double Sum(string name) => samples.Where(sample => sample.Is(name)).Sum(sample => sample.Value);
        }
        finally
        {
            foreach (var engine in engines)
            {
                await engine.DisposeAsync();
            }
        }
    }

    private static Task<SimulatorProcess> EngineAsync(int cache, params string[] more) =>
        SimulatorProcess.StartAsync([
            "--model",
            Weights,
            "--kv-tokens",
            $"{cache}",
            .. more is [] ? ["--tokens", "4", "--ttft", "2ms", "--itl", "0ms"] : more,
        ]);

    /// <summary>A data folder with the engines in its registry. Workspaces get their identity there.</summary>
    private static async Task<TempFolder> RegistryAsync(string policy, params SimulatorProcess[] engines)
    {
        var folder = new TempFolder();
        folder.Write(
            "penstock.yaml",
            new Declaration()
                .Tenant(Tenant)
                .Deployment(
                    Tenant,
                    Model,
                    Weights,
                    engines[0].Url,
                    deployment =>
                    {
                        deployment["policy"] = policy;
                        deployment["replicas"] = new JsonArray([
                            .. engines.Select(engine => (JsonNode)new JsonObject { ["url"] = engine.Url }),
                        ]);
                    }
                )
                .ToString()
        );
        await using var first = await GatewayProcess.StartAsync(
            folder,
            ["--no-discovery", "Probing:AtRegistration=false", "--config", folder.File("penstock.yaml")]
        );
        return folder;
    }

    /// <summary>The same registry and cache secret for a second gateway, as two on one database have them.</summary>
    private static TempFolder CopyOf(TempFolder folder)
    {
        var copy = new TempFolder();
        Directory.CreateDirectory(copy.File("data"));
        foreach (var file in Directory.EnumerateFiles(folder.File("data")))
        {
            File.Copy(file, Path.Combine(copy.File("data"), Path.GetFileName(file)));
        }

        return copy;
    }

    private static Task<GatewayProcess> GatewayAsync(TempFolder folder) =>
        GatewayProcess.StartAsync(folder, ["--no-discovery", "Probing:AtRegistration=false"]);

    /// <summary>Applications by Zipf's law, each with a long prompt of its own and many short questions.</summary>
    private static async Task RunAsync(GatewayProcess one, GatewayProcess other, int requests = Requests)
    {
        GatewayClient[] clients = [one.As(Tenant), other.As(Tenant)];
        var chance = new Chance(5);
        var bodies = Enumerable
            .Range(0, requests)
            .Select(request => Body((int)Math.Pow(Applications, chance.Next(1_000) / 1_000.0), request))
            .ToList();
        await Parallel.ForEachAsync(
            bodies.Index(),
            new ParallelOptions { MaxDegreeOfParallelism = 12 },
            async (item, _) => (await clients[item.Index % 2].ChatAsync(item.Item)).Expect(200)
        );
    }

    private static string Body(int application, int question)
    {
        var system = string.Concat(Enumerable.Range(0, 500).Select(word => $"w{(application * 7919) + word} "));
        return new JsonObject
        {
            ["model"] = Model,
            ["messages"] = new JsonArray(
                new JsonObject { ["role"] = "system", ["content"] = system },
                new JsonObject { ["role"] = "user", ["content"] = $"Question {question}?" }
            ),
        }.ToJsonString();
    }
}
