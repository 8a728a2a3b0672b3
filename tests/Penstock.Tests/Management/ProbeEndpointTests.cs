using System.Net;
using Penstock.Contracts;
using Penstock.Simulator;

namespace Penstock.Tests.Management;

public sealed class ProbeEndpointTests
{
    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task A_probe_answers_with_each_replica_s_card_or_why_there_is_none()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions { AutoToolChoice = false });
        await using var server = await StartAsync();
        var id = await DeployAsync(server, simulator.Url, new Uri("http://127.0.0.1:1"));

        var states = (await server.Client.ProbeDeploymentAsync(id, Stop)).Data;

        Assert.Equal([simulator.Url.AbsoluteUri.TrimEnd('/'), "http://127.0.0.1:1"], states.Select(state => state.Url));
        var card = states[0].Card!;
        Assert.Null(states[0].Problem);
        Assert.Equal(("vllm", "wrapped"), (card.Engine, card.ErrorDialect));
        Assert.Equal(
            ("no", "yes", "unknown"),
            (card.Findings.AutoToolChoice, card.Findings.ToolCalls, card.Findings.AbortFreesSlot)
        );
        Assert.Contains("--enable-auto-tool-choice", Assert.Single(card.Warnings), StringComparison.Ordinal);
        Assert.Null(states[1].Card);
        Assert.Equal("connection refused", states[1].Problem);
    }

    [Fact]
    public async Task A_card_is_shown_with_its_deployment_and_is_no_part_of_its_version()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var server = await StartAsync();
        var id = await DeployAsync(server, simulator.Url);
        var before = await server.Client.GetDeploymentAsync(id, Stop);
        Assert.Null(Assert.Single(before.Value.States!).Card);

        await server.Client.ProbeDeploymentAsync(id, Stop);

        var after = await server.Client.GetDeploymentAsync(id, Stop);
        Assert.Equal("yes", Assert.Single(after.Value.States!).Card!.Findings.UsageInStreams);
        Assert.Equal(before.ETag, after.ETag);
        var changed = await server.Client.UpdateDeploymentAsync(
            id,
            new UpdateDeployment { Model = "n" },
            after.ETag,
            Stop
        );
        Assert.Equal("n", changed.Value.Model);
    }

    [Fact]
    public async Task A_list_of_deployments_and_the_audit_tell_nothing_of_it()
    {
        await using var simulator = SimulatorServer.Start(new SimulatorOptions());
        await using var server = await StartAsync();
        var id = await DeployAsync(server, simulator.Url);
        await server.Client.ProbeDeploymentAsync(id, Stop);

        var (_, list) = await server.SendAsync(HttpMethod.Get, Routes.Deployments);
        var (_, audit) = await server.SendAsync(HttpMethod.Get, Routes.Audit);

        Assert.DoesNotContain("states", list.GetRawText() + audit.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("11111111-2222-3333-4444-555555555555")]
    [InlineData("no-id")]
    public async Task A_deployment_that_is_not_there_is_not_probed(string id)
    {
        await using var server = await StartAsync();

        var (status, code, _, _) = await server.RefusalAsync(HttpMethod.Post, Routes.OfDeploymentProbe(id));

        Assert.Equal((404, "not_found"), (status, code));
    }

    [Fact]
    public async Task A_probe_is_a_post_and_takes_a_token()
    {
        await using var server = await StartAsync();
        var path = Routes.OfDeploymentProbe("11111111-2222-3333-4444-555555555555");

        var (got, _) = await server.SendAsync(HttpMethod.Get, path);
        server.Http.DefaultRequestHeaders.Authorization = null;
        var (posted, _) = await server.SendAsync(HttpMethod.Post, path);

        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (got.StatusCode, got.Content.Headers.Allow.Single()));
        Assert.Equal(HttpStatusCode.Unauthorized, posted.StatusCode);
    }

    private static async Task<ManagementServer> StartAsync()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Probing:IdleWatchSeconds"] = "0" };
        var server = await ManagementServer.StartAsync(settings);
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme", Plan = "pro" }, Stop);
        return server;
    }

    private static async Task<string> DeployAsync(ManagementServer server, params Uri[] replicas)
    {
        var made = await server.Client.CreateDeploymentAsync(
            new CreateDeployment
            {
                Workspace = "acme",
                Model = "m",
                UpstreamModel = "demo",
                Backend = "vllm",
                Replicas = [.. replicas.Select(url => new ReplicaShape { Url = url.AbsoluteUri })],
            },
            Stop
        );
        return made.Value.Id.ToString();
    }
}
