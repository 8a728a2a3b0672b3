using System.Globalization;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using Penstock.EndToEndTests.Limits;
using Penstock.EndToEndTests.Operations;

namespace Penstock.EndToEndTests.Fleet;

/// <summary>One key at three gateways: what it gets while Redis is there, gone, and slow.</summary>
public sealed class FleetLimitTests : IAsyncLifetime
{
    /// <summary>How long a key is kept above its limit, half of it without Redis. By hand: 60.</summary>
    private const string Seconds = "PENSTOCK_FLEET_SECONDS";

    private const string Model = "m";
    private const int RequestsPerMinute = 600;
    private const int TokensPerMinute = 1_500;
    private const int MostTokens = 50;

    /// <summary>By how much the limits are exceeded: at twice them a burst would last for six seconds.</summary>
    private const int Overload = 3;

    /// <summary>A busy machine is no slow server: where Redis is there, it is waited for.</summary>
    private static readonly (string, string)[] Patient =
    [
        ("PENSTOCK__Redis__DeadlineMilliseconds", "10000"),
        ("PENSTOCK__Redis__PatienceMilliseconds", "20000"),
    ];

    private SimulatorProcess _engine = null!;

    public async ValueTask InitializeAsync() => _engine = await SimulatorProcess.StartAsync("--tokens", "20");

    public ValueTask DisposeAsync() => _engine.DisposeAsync();

    /// <param name="limits">How they are decided: one by one, or out of slices that each gateway leases.</param>
    [Theory]
    [InlineData("exact")]
    [InlineData("leased")]
    public async Task Far_above_its_limit_a_key_gets_what_is_its_own_and_without_Redis_no_more_than_the_bound(
        string limits
    )
    {
        await using var fleet = await GatewayFleet.StartAsync(
            Declare(),
            [.. Patient, ("PENSTOCK__Redis__HeartbeatSeconds", "2"), ("PENSTOCK__Redis__Limits", limits)]
        );
        var requests = new HammeredKey("requests", RequestsPerMinute);
        var tokens = new SpendingKey("tokens", TokensPerMinute, MostTokens);
        var half = TimeSpan.FromSeconds(Length() / 2d);
        await ShareAsync(fleet);

        await HammerAsync(fleet, half, requests, tokens);

        Assert.Equal("", await StrayingAsync(fleet));
        Assert.True(requests.Refused > 0 && tokens.Refused > 0, "Never over the limit: the test shows nothing.");
        requests.AssertNeverOver();
        tokens.AssertNeverOver(TokensPerMinute);
        Assert.Equal(limits == "leased", await SumAsync(fleet, "penstock_redis_leased_total") > 0);

        await fleet.Redis.KillAsync();
        await HammerAsync(fleet, half, requests, tokens);

        foreach (var gateway in fleet.Running)
        {
            Assert.True(await SampleAsync(gateway, "penstock_redis_alone_total") > 0);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{limits}: requests: {requests.Granted} granted, {requests.Refused} refused; tokens: {tokens}"
        );
        // The bound of decision 16: a burst more, and twice the tokens with a largest request for each gateway.
        requests.AssertNeverOver(bursts: 2);
        tokens.AssertNeverOver((2 * TokensPerMinute) + (fleet.Count * MostTokens));
    }

    [Fact]
    public async Task While_Redis_stalls_every_request_is_answered_and_none_is_held_up_by_it()
    {
        const int Callers = 3;
        const int FailuresToOpen = 3;
        await using var fleet = await GatewayFleet.StartAsync(Declare());
        // Connections and code are warm.
        await CallAsync(fleet, Callers, requests: 240);
        var before = await CallAsync(fleet, Callers, requests: 240);
        var late = await SumAsync(fleet, "penstock_redis_calls_total", ("outcome", "late"));
        var alone = await SumAsync(fleet, "penstock_redis_alone_total");

        fleet.Proxy.Stall();
        var stalled = TimeProvider.System.GetTimestamp();
        var waits = new List<double>();
        do
        {
            waits.AddRange(await CallAsync(fleet, Callers, requests: 120));
        } while (TimeProvider.System.GetElapsedTime(stalled).TotalSeconds < Length() / 2d);

        // Each waited for the deadline (20 ms) at most twice, and from the third time on nobody did at all.
        var waited = await SumAsync(fleet, "penstock_redis_calls_total", ("outcome", "late")) - late;
        Assert.InRange(waited, 0, fleet.Count * (FailuresToOpen + Callers));
        Assert.Equal(fleet.Count, await SumAsync(fleet, "penstock_redis_away"));
        Assert.True(await SumAsync(fleet, "penstock_redis_alone_total") - alone >= waits.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"before: {Told(before)}; stalled: {Told(waits)}, {waited} calls waited for the deadline"
        );

        fleet.Proxy.GoOn();
        await Until.TrueAsync(async () => await SumAsync(fleet, "penstock_redis_away") == 0, "Redis to be back");
    }

    [Fact]
    public async Task A_killed_gateway_s_places_come_back_when_its_leases_have_ended()
    {
        await using var fleet = await GatewayFleet.StartAsync(
            Declare(),
            [.. Patient, ("PENSTOCK__Redis__LeaseSeconds", "5")]
        );
        await _engine.FaultsAsync("stall=3:600s");
        using var stream = await fleet[0].As("single").OpenAsync(ChatBody.Stream(Model));
        Assert.Equal(200, stream.Status);
        await _engine.FaultsAsync("");
        (await fleet[1].As("single").ChatAsync(ChatBody.Minimal(Model))).Expect(429);

        await fleet.KillAsync(0);

        await Until.TrueAsync(
            async () => (await fleet[2].As("single").ChatAsync(ChatBody.Minimal(Model))).Status == 200,
            "the place of the killed gateway"
        );
    }

    /// <summary>Each hears with its own sign of life how many there are: the last of them hears it first.</summary>
    private static async Task ShareAsync(GatewayFleet fleet)
    {
        const string Nodes = "penstock:nodes";
        await Until.TrueAsync(
            async () => (await fleet.Redis.ScoresAsync(Nodes)).Count == fleet.Count,
            "three signs of life"
        );
        var before = await fleet.Redis.ScoresAsync(Nodes);
        await Until.TrueAsync(
            async () => (await fleet.Redis.ScoresAsync(Nodes)).All(node => node.Value > before[node.Key]),
            "another sign of life of each"
        );
    }

    /// <summary>What gateways tell of decisions of their own: nothing, while Redis is there.</summary>
    private static async Task<string> StrayingAsync(GatewayFleet fleet)
    {
        var told = new List<string>();
        foreach (var gateway in fleet.Running)
        {
            if (await SampleAsync(gateway, "penstock_redis_alone_total") > 0)
            {
                var metrics = (await gateway.WithSecret(null).GetAsync("/metrics")).Expect(200).Text;
                told.AddRange(
                    metrics.Split('\n').Where(line => line.StartsWith("penstock_redis", StringComparison.Ordinal))
                );
                told.AddRange(gateway.Output.Lines().Where(line => line.Contains("Redis", StringComparison.Ordinal)));
            }
        }

        return string.Join('\n', told);
    }

    private Declaration Declare() =>
        new Declaration()
            .Tenant("acme")
            .Plan("limited", RequestsPerMinute, RequestsPerMinute)
            .Workspace("limited", "limited")
            .Key("requests", "limited")
            .Key("tokens", "acme", key => key["limits"] = Limits("tokens_per_minute", TokensPerMinute))
            .Key("single", "acme", key => key["limits"] = Limits("concurrent_requests", 1))
            .Deployment("*", Model, "demo", _engine.Url);

    private static JsonObject Limits(string name, int limit) => new() { [name] = limit };

    /// <summary>Both keys at more than their limits allow, at all gateways in turn.</summary>
    private static async Task HammerAsync(GatewayFleet fleet, TimeSpan length, HammeredKey requests, SpendingKey tokens)
    {
        var pause = TimeSpan.FromMinutes(1d / (Overload * RequestsPerMinute));
        var calls = new List<Task>();
        var start = TimeProvider.System.GetTimestamp();
        for (var number = 0; TimeProvider.System.GetElapsedTime(start) < length; number++)
        {
            var gateway = fleet[number % fleet.Count];
            calls.Add(requests.CallAsync(gateway, Model));
            // Its limit is reached after a few seconds, and stays so.
            calls.Add(tokens.CallAsync(gateway, Model));
            var due = pause * (number + 1) - TimeProvider.System.GetElapsedTime(start);
            await Task.Delay(due > TimeSpan.Zero ? due : TimeSpan.Zero, TimeProvider.System, CancellationToken.None);
        }

        await Task.WhenAll(calls);
    }

    /// <summary>For the record of a run by hand: a test asserts no milliseconds.</summary>
    private static string Told(IEnumerable<double> waits)
    {
        var sorted = waits.Order().ToList();
        return $"{sorted.Count} requests, p50 {sorted[sorted.Count / 2]:0.0} ms, p99 {sorted[sorted.Count * 99 / 100]:0.0} ms, "
            + $"over 50 ms {sorted.Count(wait => wait > 50)}, longest {sorted[^1]:0.0} ms";
    }

    /// <returns>How long each took, in milliseconds.</returns>
    private static async Task<IReadOnlyList<double>> CallAsync(GatewayFleet fleet, int callers, int requests)
    {
        var waits = new double[requests];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, requests),
            new ParallelOptions { MaxDegreeOfParallelism = callers },
            async (number, _) =>
            {
                var start = TimeProvider.System.GetTimestamp();
                (await fleet[number % fleet.Count].As("acme").ChatAsync(ChatBody.Minimal(Model))).Expect(200);
                waits[number] = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
            }
        );
        return waits;
    }

    private static async Task<double> SumAsync(
        GatewayFleet fleet,
        string name,
        params (string Name, string Value)[] labels
    )
    {
        var sum = 0d;
        foreach (var gateway in fleet.Running)
        {
            sum += await SampleAsync(gateway, name, labels);
        }

        return sum;
    }

    private static async Task<double> SampleAsync(
        GatewayProcess gateway,
        string name,
        params (string Name, string Value)[] labels
    )
    {
        var answer = (await gateway.WithSecret(null).GetAsync("/metrics")).Expect(200);
        return PrometheusText.Parse(answer.Text).Where(sample => sample.Is(name, labels)).Sum(sample => sample.Value);
    }

    private static double Length() =>
        double.TryParse(
            Environment.GetEnvironmentVariable(Seconds),
            NumberStyles.Float,
            CultureInfo.InvariantCulture,
            out var seconds
        )
            ? seconds
            : 10;
}
