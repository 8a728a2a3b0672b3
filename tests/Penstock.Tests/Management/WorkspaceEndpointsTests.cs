using System.Net;
using Penstock.Contracts;

namespace Penstock.Tests.Management;

public sealed class WorkspaceEndpointsTests
{
    private static CancellationToken Stop => ManagementServer.Stop;

    [Fact]
    public async Task A_workspace_lives_from_its_creation_to_its_deletion()
    {
        await using var server = await ManagementServer.StartAsync();

        var made = await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme" }, Stop);
        var byName = await server.Client.GetWorkspaceAsync("acme", Stop);
        var byId = await server.Client.GetWorkspaceAsync(made.Value.Id.ToString(), Stop);
        var moved = await server.Client.UpdateWorkspaceAsync("acme", new UpdateWorkspace { Plan = "team" }, null, Stop);
        await server.Client.DeleteWorkspaceAsync("acme", moved.ETag, Stop);

        Assert.Equal(("acme", "pro"), (made.Value.Name, made.Value.Plan));
        Assert.Equal(made, byName);
        Assert.Equal(made, byId);
        Assert.Equal("team", moved.Value.Plan);
        Assert.NotEqual(made.ETag, moved.ETag);
        Assert.Equal(404, (await server.RefusalAsync(HttpMethod.Get, Routes.OfWorkspace("acme"))).Status);
    }

    [Fact]
    public async Task A_creation_says_where_the_new_one_is()
    {
        await using var server = await ManagementServer.StartAsync();

        var (response, body) = await server.SendAsync(HttpMethod.Post, Routes.Workspaces, """{"name":"acme"}""");
        var (found, _) = await server.SendAsync(HttpMethod.Get, response.Headers.Location!.ToString());

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        Assert.Equal(
            $"/admin/v1/workspaces/{body.GetProperty("id").GetString()}",
            response.Headers.Location.ToString()
        );
        Assert.Equal(response.Headers.ETag, found.Headers.ETag);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
    }

    [Theory]
    [InlineData("{}", 400, "missing_required_parameter", null)]
    [InlineData("""{"name":null}""", 400, "missing_required_parameter", null)]
    [InlineData("""{"name":7}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":["a"]}""", 400, "invalid_type", "name")]
    [InlineData("""{"name":"*"}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":"a b"}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":"0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10"}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":"a","plan":"gold"}""", 400, "invalid_value", "plan")]
    [InlineData("""{"name":"a","paln":"pro"}""", 400, "unsupported_parameter", "paln")]
    [InlineData("""{"name":"a","name":"b"}""", 400, "invalid_value", "name")]
    [InlineData("""{"name":"taken"}""", 409, "already_exists", "name")]
    public async Task A_workspace_that_cannot_be_made_is_refused(string json, int status, string code, string? param)
    {
        await using var server = await ManagementServer.StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "taken" }, Stop);

        var refusal = await server.RefusalAsync(HttpMethod.Post, Routes.Workspaces, json);

        Assert.Equal((status, code, param), (refusal.Status, refusal.Code, refusal.Param));
        Assert.Single(server.Registry.State.Workspaces);
    }

    [Fact]
    public async Task Every_mistake_of_a_body_is_told_at_once()
    {
        await using var server = await ManagementServer.StartAsync();

        var error = await Assert.ThrowsAsync<ManagementException>(() =>
            server.Client.CreateDeploymentAsync(
                new CreateDeployment
                {
                    Workspace = "nobody",
                    Model = "m",
                    Backend = "vlm",
                    Replicas =
                    [
                        new ReplicaShape { Url = "ftp://a" },
                        new ReplicaShape { Url = "http://b", Weight = 0 },
                    ],
                },
                Stop
            )
        );

        Assert.Equal(400, error.Status);
        Assert.Equal(
            ["backend", "replicas[0].url", "replicas[1].weight", "workspace"],
            error.Details.Select(detail => detail.Message.Split(':')[0]).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_change_of_a_version_that_is_no_longer_there_is_refused()
    {
        await using var server = await ManagementServer.StartAsync();
        var made = await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme" }, Stop);
        var path = Routes.OfWorkspace("acme");
        await server.Client.UpdateWorkspaceAsync("acme", new UpdateWorkspace { Plan = "team" }, made.ETag, Stop);

        var patch = await server.RefusalAsync(HttpMethod.Patch, path, """{"plan":"enterprise"}""", made.ETag);
        var delete = await server.RefusalAsync(HttpMethod.Delete, path, null, made.ETag);
        var (any, _) = await server.SendAsync(HttpMethod.Patch, path, """{"plan":"pro"}""", "*");
        var (oneOf, _) = await server.SendAsync(HttpMethod.Patch, path, "{}", $"\"other\", {made.ETag}");

        Assert.Equal((412, "precondition_failed"), (patch.Status, patch.Code));
        Assert.Equal((412, "precondition_failed"), (delete.Status, delete.Code));
        Assert.Equal(HttpStatusCode.OK, any.StatusCode);
        Assert.Equal(HttpStatusCode.OK, oneOf.StatusCode);
    }

    [Fact]
    public async Task A_workspace_in_use_is_not_deleted_and_a_used_up_key_is_no_use()
    {
        await using var server = await ManagementServer.StartAsync();
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "acme" }, Stop);
        var key = await server.Client.CreateKeyAsync(new CreateKey { Workspace = "acme", Name = "ci" }, Stop);

        var refusal = await server.RefusalAsync(HttpMethod.Delete, Routes.OfWorkspace("acme"));
        await server.Client.RevokeKeyAsync(key.Value.Id.ToString(), null, Stop);
        await server.Client.DeleteWorkspaceAsync("acme", null, Stop);

        Assert.Equal((409, "in_use"), (refusal.Status, refusal.Code));
        Assert.Empty(server.Registry.State.Keys);
    }

    [Fact]
    public async Task A_list_is_read_page_by_page_whatever_happens_meanwhile()
    {
        await using var server = await ManagementServer.StartAsync();
        foreach (var name in new[] { "e", "c", "a", "d", "b" })
        {
            await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = name }, Stop);
        }

        var first = await server.Client.ListWorkspacesAsync(new Page(2), Stop);
        await server.Client.DeleteWorkspaceAsync("b", null, Stop);
        await server.Client.CreateWorkspaceAsync(new CreateWorkspace { Name = "aa" }, Stop);
        var second = await server.Client.ListWorkspacesAsync(new Page(2, first.NextCursor), Stop);
        var third = await server.Client.ListWorkspacesAsync(new Page(2, second.NextCursor), Stop);

        Assert.Equal(["a", "b"], first.Data.Select(row => row.Name));
        Assert.Equal(["c", "d"], second.Data.Select(row => row.Name));
        Assert.Equal(["e"], third.Data.Select(row => row.Name));
        Assert.Null(third.NextCursor);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=501", "limit")]
    [InlineData("limit=-1", "limit")]
    [InlineData("limit=ten", "limit")]
    [InlineData("cursor=!", "cursor")]
    public async Task A_page_that_makes_no_sense_is_refused(string query, string param)
    {
        await using var server = await ManagementServer.StartAsync();

        foreach (var list in new[] { Routes.Workspaces, Routes.Plans, Routes.Keys, Routes.Deployments, Routes.Audit })
        {
            var refusal = await server.RefusalAsync(HttpMethod.Get, $"{list}?{query}");
            Assert.Equal((400, "invalid_value", param), (refusal.Status, refusal.Code, refusal.Param));
        }
    }
}
