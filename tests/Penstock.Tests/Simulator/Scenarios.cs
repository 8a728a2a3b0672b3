using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Scenarios are files, and every one that is shipped does what it says.</summary>
public sealed class Scenarios : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<string> Shipped => [.. SimulatorScenario.Names];

    [Theory]
    [MemberData(nameof(Shipped))]
    public async Task Every_shipped_scenario_starts(string name)
    {
        Assert.Contains(name, SimulatorCommand.Help(), StringComparison.Ordinal);
        var options = SimulatorScenario.Options(name);
        await using var server = SimulatorServer.Start(options);
        Assert.Equal(options.Dialect, server.Options.Dialect);
    }

    [Fact]
    public async Task A_bad_day_has_whole_answers_and_failures_of_several_kinds()
    {
        var options = SimulatorScenario.Options("flaky");
        await using var simulator = new SimulatorClient(
            options with
            {
                Ttft = TimeSpan.Zero,
                Itl = TimeSpan.Zero,
                // Its waits are a user's; here only kinds are counted.
                Directives = options
                    .Directives.Replace(":5s", ":1ms", StringComparison.Ordinal)
                    .Replace("=3s", "=1ms", StringComparison.Ordinal),
            }
        );
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 300; i++)
        {
            var outcome = await OutcomeAsync(simulator);
            seen[outcome] = seen.GetValueOrDefault(outcome) + 1;
        }

        Assert.InRange(seen["OK"], 200, 295);
        Assert.True(seen.Count >= 4, string.Join(' ', seen));
    }

    [Fact]
    public async Task An_outage_ends()
    {
        var time = new FakeTimeProvider();
        await using var simulator = new SimulatorClient(
            SimulatorScenario.Options("outage") with
            {
                Ttft = TimeSpan.Zero,
                Itl = TimeSpan.Zero,
                Time = time,
                KeepAlive = TimeSpan.Zero,
            }
        );
        await Assert.ThrowsAsync<HttpRequestException>(() =>
            simulator.Http.GetAsync("/health", TestContext.Current.CancellationToken)
        );
        Assert.Equal("reset", await OutcomeAsync(simulator));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal("OK", await OutcomeAsync(simulator));
    }

    [Fact]
    public void A_file_is_flags_without_dashes_and_the_command_line_has_the_last_word()
    {
        File.WriteAllText(
            _file,
            """
            # A comment, and an empty line:

            dialect   sglang
            model org/a   # one of two
            model org/b
            ttft 20ms
            no-prefix-cache
            sim nth=1 status=503
            sim nth=2 status=429
            """
        );
        var options = SimulatorArguments.Read(["--scenario", _file, "--ttft", "5ms"]);
        Assert.Equal(("sglang", 30000, false), (options.Dialect, options.Port, options.PrefixCache));
        Assert.Equal(["org/a", "org/b"], options.Models);
        Assert.Equal(TimeSpan.FromMilliseconds(5), options.Ttft);
        Assert.Equal(TimeSpan.FromMilliseconds(20), SimulatorScenario.Options(_file).Ttft);
    }

    [Fact]
    public async Task Each_line_of_faults_is_a_rule_of_its_own()
    {
        File.WriteAllText(_file, "sim nth=1 status=503\nsim nth=2 status=429\n");
        await using var simulator = new SimulatorClient(SimulatorScenario.Options(_file));
        Assert.Equal("503", await OutcomeAsync(simulator));
        Assert.Equal("429", await OutcomeAsync(simulator));
        Assert.Equal("OK", await OutcomeAsync(simulator));
    }

    [Theory]
    [InlineData("nonsense 3", "nonsense")]
    [InlineData("ttft soon", "ttft")]
    [InlineData("sim cut=x", "cut")]
    [InlineData("scenario flaky", "line 1")]
    public void A_file_with_a_mistake_is_refused_by_its_word(string text, string named)
    {
        File.WriteAllText(_file, text);
        var mistake = Assert.Throws<FormatException>(() => SimulatorScenario.Options(_file));
        Assert.Contains(named, mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scenario_that_is_not_there_is_wrong_usage()
    {
        Assert.Equal(
            2,
            await SimulatorCommand.RunAsync(["--scenario", "no-such"], TestContext.Current.CancellationToken)
        );
        Assert.Contains(
            "flaky",
            Assert.Throws<FormatException>(() => SimulatorScenario.Options("no-such")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_simulator_reports_its_own_lateness()
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Itl = TimeSpan.FromMilliseconds(1), AnswerTokens = 50 }
        );
        await simulator.StreamTextAsync(SimulatorClient.Body("x", "\"stream\":true"));
        var report = JsonNode.Parse(
            await simulator.Http.GetStringAsync("/sim/lateness", TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(49, report["tokens"]!.GetValue<int>());
        Assert.Equal(49, report["buckets"]!.AsArray().Sum(b => b![1]!.GetValue<int>()));
        Assert.True(report["late_us"]!["p50"]!.GetValue<long>() <= report["late_us"]!["max"]!.GetValue<long>());
    }

    public void Dispose() => File.Delete(_file);

    /// <summary>OK, a status, or how it broke.</summary>
    private static async Task<string> OutcomeAsync(SimulatorClient simulator)
    {
        try
        {
            using var response = await simulator.PostAsync(
                SimulatorClient.Body("x", "\"max_tokens\":30,\"stream\":true")
            );
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return response.StatusCode != HttpStatusCode.OK ? $"{(int)response.StatusCode}"
                : text.Contains("\"error\"", StringComparison.Ordinal) ? "error event"
                : "OK";
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is HttpIOException ? "cut" : "reset";
        }
    }
}
