using System.Net;
using Penstock.Contracts;

namespace Penstock.Tests.Management;

public sealed class PlanEndpointsTests
{
    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task The_shipped_plans_are_listed()
    {
        await using var server = await ManagementServer.StartAsync();

        var plans = (await server.Client.ListPlansAsync(new Page(), Stop)).Data;

        Assert.Equal(
            [
                ("enterprise", 50_000, 100_000, true),
                ("pro", 500, 1_000, true),
                ("starter", null, null, false),
                ("team", 5_000, 10_000, true),
            ],
            plans.Select(plan => (plan.Name, plan.RequestsPerMinute, plan.MaxRequestsPerMinute, plan.Keys))
        );
    }

    [Fact]
    public async Task A_shipped_plan_that_was_overridden_comes_back_when_it_is_deleted()
    {
        await using var server = await ManagementServer.StartAsync();
        var before = await server.Client.GetPlanAsync("pro", Stop);

        await server.Client.PutPlanAsync(
            "pro",
            new PutPlan { RequestsPerMinute = 1, MaxRequestsPerMinute = 2 },
            before.ETag,
            Stop
        );
        var overridden = await server.Client.GetPlanAsync("pro", Stop);
        await server.Client.DeletePlanAsync("pro", null, Stop);

        Assert.Equal(2, overridden.Value.MaxRequestsPerMinute);
        Assert.Equal(before, await server.Client.GetPlanAsync("pro", Stop));
    }

    [Fact]
    public async Task A_plan_of_ones_own_is_made_used_and_deleted()
    {
        await using var server = await ManagementServer.StartAsync();
        const string Json = """{"requests_per_minute":7,"max_requests_per_minute":9,"burst":3}""";

        var (made, _) = await server.SendAsync(HttpMethod.Put, Routes.OfPlan("tiny"), Json);
        var (again, _) = await server.SendAsync(HttpMethod.Put, Routes.OfPlan("tiny"), Json);
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "a", Plan = "tiny" }, Stop);
        var inUse = await server.RefusalAsync(HttpMethod.Delete, Routes.OfPlan("tiny"));
        await server.Client.DeleteWorkspaceAsync("a", null, Stop);
        await server.Client.DeletePlanAsync("tiny", null, Stop);

        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.Equal((409, "in_use"), (inUse.Status, inUse.Code));
    }

    [Theory]
    [InlineData("tiny", "{}", "requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":1}""", "max_requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":3,"max_requests_per_minute":2}""", "requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":0,"max_requests_per_minute":2}""", "requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":1.5,"max_requests_per_minute":2}""", "requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":1e2,"max_requests_per_minute":200}""", "requests_per_minute")]
    [InlineData("tiny", """{"requests_per_minute":1,"max_requests_per_minute":2,"burst":3}""", "burst")]
    [InlineData("a%20b", """{"requests_per_minute":1,"max_requests_per_minute":2}""", "name")]
    public async Task A_plan_that_makes_no_sense_is_refused(string name, string json, string param)
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Put, $"{Routes.Plans}/{name}", json);

        Assert.Equal((400, param), (refusal.Status, refusal.Param));
    }

    [Fact]
    public async Task A_plan_loses_its_keys_only_when_nobody_uses_one()
    {
        await using var server = await ManagementServer.StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "a" }, Stop);
        var key = await server.Client.CreateKeyAsync(new CreateKey { Workspace = "a" }, Stop);

        var plan = await server.RefusalAsync(HttpMethod.Put, Routes.OfPlan("pro"), """{"keys":false}""");
        var workspace = await server.RefusalAsync(HttpMethod.Patch, Routes.OfWorkspace("a"), """{"plan":"starter"}""");
        await server.Client.RevokeKeyAsync(key.Value.Id.ToString(), null, Stop);
        var (moved, _) = await server.SendAsync(HttpMethod.Patch, Routes.OfWorkspace("a"), """{"plan":"starter"}""");

        Assert.Equal((403, "plan_limit_exceeded"), (plan.Status, plan.Code));
        Assert.Equal((403, "plan_limit_exceeded"), (workspace.Status, workspace.Code));
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
    }
}
