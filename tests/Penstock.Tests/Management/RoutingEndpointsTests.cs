using System.Text.Json;
using Penstock.Contracts;
using Penstock.Routing;
using Penstock.Routing.Explaining;

namespace Penstock.Tests.Management;

/// <summary>What an operator sees and does of routing.</summary>
public sealed class RoutingEndpointsTests
{
    private const string TwoReplicas = """
        {"workspace":"*","model":"m","backend":"vllm","replicas":[{"url":"http://a:8000"},{"url":"http://b:8000"}]}
        """;

    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task A_drained_replica_is_drained_in_the_registry_and_keeps_its_state()
    {
        await using var server = await ManagementServer.StartAsync();
        var id = await CreateAsync(server);
        var replica = Replicas(server)[0];
        replica.Enter();

        var drained = await server.Client.DrainDeploymentAsync(id, new() { Replica = "http://a:8000" }, Stop);

        Assert.Equal([true, null], drained.Value.Replicas.Select(one => one.Drained));
        Assert.Same(replica, Replicas(server)[0]);
        Assert.True(replica.Address.Drained);
        Assert.Equal(1, replica.InFlight);
        var undone = await server.Client.DrainDeploymentAsync(id, new() { Undo = true }, Stop);
        Assert.All(undone.Value.Replicas, one => Assert.Null(one.Drained));
    }

    [Fact]
    public async Task A_change_of_the_replicas_leaves_a_drained_one_drained_unless_it_says_otherwise()
    {
        await using var server = await ManagementServer.StartAsync();
        var id = await CreateAsync(server);
        await server.Client.DrainDeploymentAsync(id, new DrainDeployment(), Stop);

        var (_, changed) = await server.SendAsync(
            HttpMethod.Patch,
            Routes.OfDeployment(id),
            """{"replicas":[{"url":"http://a:8000"},{"url":"http://b:8000","drained":false}]}"""
        );

        Assert.Equal(
            """[{"url":"http://a:8000","weight":1,"drained":true},{"url":"http://b:8000","weight":1}]""",
            changed.GetProperty("replicas").GetRawText()
        );
    }

    [Fact]
    public async Task A_replica_that_is_not_there_cannot_be_drained()
    {
        await using var server = await ManagementServer.StartAsync();
        var id = await CreateAsync(server);

        var refusal = await server.RefusalAsync(
            HttpMethod.Post,
            Routes.OfDeploymentDrain(id),
            """{"replica":"http://c:8000"}"""
        );

        Assert.Equal(400, refusal.Status);
        Assert.Contains("http://c:8000", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_status_says_in_words_why_a_replica_is_excluded()
    {
        await using var server = await ManagementServer.StartAsync();
        var id = await CreateAsync(server);
        for (var i = 0; i < 5; i++)
        {
            Replicas(server)[0].Failed(TimeProvider.System, new("engine_error, status 500", long.MaxValue));
        }

        Replicas(server)[1]
            .Report(new(ReplicaCondition.Starting, "loading the model", null, TakesRequests: false, At: 1));

        var status = (await server.Client.GetDeploymentStatusAsync(id, Stop)).Value;

        Assert.Equal(["circuit_open", "starting"], status.Replicas.Select(replica => replica.Standing));
        Assert.Contains("engine_error, status 500", status.Replicas[0].Reason, StringComparison.Ordinal);
        Assert.Equal("is starting: loading the model", status.Replicas[1].Reason);
        Assert.Null(status.Replicas[0].Running);
    }

    [Fact]
    public async Task A_request_is_explained_by_its_id()
    {
        await using var server = await ManagementServer.StartAsync();
        await CreateAsync(server);
        var route = server.Router.Table.Routes[0];
        var id = Guid.NewGuid();
        var clock = TimeProvider.System;
        var trace = server.Explanations.Begin(id, clock.GetTimestamp(), clock.GetUtcNow());
        trace.Turn(route);
        var slot = route.Admission.Enter(new Claim(), Attempted.Nothing, trace).Slot!;
        trace.Attempt(slot.Replica);
        trace.AttemptEnded(slot.Replica, "engine_error", 500, clock.GetTimestamp());
        trace.End("acme", "m", "engine_error", 500, TimeSpan.FromSeconds(1), null);
        server.Explanations.Keep(trace, troubled: true);

        var explained = (await server.Client.ExplainRequestAsync(id.ToString(), Stop)).Value;

        Assert.Equal(("acme", "engine_error", 500), (explained.Workspace, explained.Ending, explained.Status));
        Assert.Equal(
            ["deployment", "candidate", "candidate", "chosen", "attempt", "attempt_end"],
            explained.Steps.Select(step => step.Step)
        );
        Assert.Equal("prefix", explained.Steps[0].Policy);
        Assert.All(explained.Steps.Skip(1).Take(2), step => Assert.Equal("available", step.Standing));
        Assert.Equal(404, (await server.RefusalAsync(HttpMethod.Get, Routes.OfRequest("r-2"))).Status);
    }

    private static IReadOnlyList<Replica> Replicas(ManagementServer server) =>
        server.Router.Table.Routes.Single().Replicas;

    private static async Task<string> CreateAsync(ManagementServer server)
    {
        var (_, made) = await server.SendAsync(HttpMethod.Post, Routes.Deployments, TwoReplicas);
        return made.GetProperty("id").GetString()!;
    }
}
