using Penstock.Contracts;

namespace Penstock.Tests.Cli;

public sealed class WorkspaceVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Fact]
    public async Task Create_posts_name_and_plan_and_shows_what_was_made()
    {
        _server.Will(CannedAnswer.Of(Samples.Workspace, 201));
        var outcome = await Run("workspaces create acme --plan pro");
        Assert.Equal(0, outcome.ExitCode);
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/admin/v1/workspaces"), (request.Method, request.PathAndQuery));
        Assert.Equal("""{"name":"acme","plan":"pro"}""", request.Body);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("Bearer t0ken", request.Headers["Authorization"]);
        Assert.Contains("acme", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("Created workspace acme.\n", outcome.Error);
    }

    [Fact]
    public async Task List_reads_every_page()
    {
        var second = Samples.Workspace with { Name = "globex" };
        _server.Will(
            CannedAnswer.Of(Samples.ListOf(Samples.Workspace) with { NextCursor = "a b" }),
            CannedAnswer.Of(Samples.ListOf(second))
        );
        var outcome = await Run("workspaces list");
        Assert.Equal(
            ["/admin/v1/workspaces?limit=500", "/admin/v1/workspaces?limit=500&cursor=a%20b"],
            _server.Requests.Select(r => r.PathAndQuery)
        );
        Assert.Equal(3, outcome.Out.Trim().Split('\n').Length);
        Assert.Contains("globex", outcome.Out, StringComparison.Ordinal);
        Assert.Equal("", outcome.Error);
    }

    [Fact]
    public async Task A_cursor_that_never_moves_ends_the_list()
    {
        var page = CannedAnswer.Of(Samples.ListOf(Samples.Workspace) with { NextCursor = "same" });
        _server.Will(page, page, page);
        Assert.Equal(0, (await Run("workspaces list")).ExitCode);
        Assert.Equal(2, _server.Requests.Count);
    }

    [Fact]
    public async Task Set_patches_only_what_was_named()
    {
        _server.Will(CannedAnswer.Of(Samples.Workspace with { Plan = "team" }));
        var outcome = await Run("workspaces set acme --plan team");
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("PATCH", "/admin/v1/workspaces/acme"), (request.Method, request.PathAndQuery));
        Assert.Equal("""{"plan":"team"}""", request.Body);
        Assert.Equal((0, "Changed workspace acme.\n"), (outcome.ExitCode, outcome.Error));
    }

    [Fact]
    public async Task Delete_asks_nothing_and_says_what_it_did()
    {
        _server.Will(new CannedAnswer(204, ""));
        var outcome = await Run("workspaces delete acme");
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("DELETE", "/admin/v1/workspaces/acme"), (request.Method, request.PathAndQuery));
        Assert.Equal(new CliOutcome(0, "", "Deleted workspace acme.\n"), outcome);
    }

    [Fact]
    public async Task A_name_cannot_leave_its_place_in_the_path()
    {
        _server.Will(new CannedAnswer(204, ""));
        await Run("workspaces delete ../keys/x?y=1");
        Assert.Equal("/admin/v1/workspaces/..%2Fkeys%2Fx%3Fy=1", Assert.Single(_server.Requests).PathAndQuery);
    }
}
