using System.Text.Json;

namespace Penstock.Tests.Cli;

public sealed class DeploymentProbeVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Fact]
    public async Task Probe_shows_the_card_and_its_warnings()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Probed)));

        var outcome = await Run($"deployments probe {Samples.Id}");

        Assert.Equal((0, "Probed 1 replica.\n"), (outcome.ExitCode, outcome.Error));
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", $"/admin/v1/deployments/{Samples.Id}/probe"), (request.Method, request.PathAndQuery));
        Assert.Contains("http://10.0.0.5:8000, alive, 3 under way, 7 running, 2 waiting", outcome.Out);
        Assert.Contains("vllm 0.27.1", outcome.Out);
        Assert.Contains("yes, top 20", outcome.Out);
        Assert.Contains("2026-01-02", outcome.Out);
        Assert.Contains("10 calls, 31 tokens", outcome.Out);
        Assert.Contains("started without `--enable-auto-tool-choice`", outcome.Out);
    }

    [Fact]
    public async Task Probe_finds_the_deployment_by_its_model()
    {
        _server.Will(
            CannedAnswer.Of(Samples.ListOf(Samples.Deployment)),
            CannedAnswer.Of(Samples.ListOf(Samples.Probed))
        );

        var outcome = await Run("deployments probe llama-3.3-70b --workspace acme");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Equal($"/admin/v1/deployments/{Samples.Id}/probe", _server.Requests[^1].PathAndQuery);
    }

    [Fact]
    public async Task Probe_with_json_prints_the_replicas_and_nothing_else()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Probed)));

        var outcome = await Run($"deployments probe {Samples.Id} --json");

        var state = Assert.Single(JsonElement.Parse(outcome.Out).EnumerateArray());
        var findings = state.GetProperty("card").GetProperty("findings");
        Assert.Equal("no", findings.GetProperty("auto_tool_choice").GetString());
        Assert.Equal(7, state.GetProperty("running").GetInt32());
    }

    [Fact]
    public async Task Probe_fails_where_a_replica_could_not_be_probed_and_shows_the_others_all_the_same()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Probed, Samples.NotProbed)));

        var outcome = await Run($"deployments probe {Samples.Id}");

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("http://10.0.0.6:8000 could not be probed: connection refused", outcome.Error);
        Assert.Contains("vllm 0.27.1", outcome.Out);
        Assert.Contains("never probed", outcome.Out);
    }

    [Fact]
    public async Task Show_has_each_replica_s_card()
    {
        _server.Will(CannedAnswer.Of(Samples.Deployment with { States = [Samples.Probed, Samples.NotProbed] }));

        var outcome = await Run($"deployments show {Samples.Id}");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("max_concurrency 256", outcome.Out);
        Assert.Contains("vllm 0.27.1", outcome.Out);
        Assert.Contains("http://10.0.0.6:8000, failing, 0 under way", outcome.Out);
    }
}
