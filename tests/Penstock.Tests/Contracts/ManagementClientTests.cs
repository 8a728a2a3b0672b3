using Penstock.Contracts;
using Penstock.Tests.Cli;

namespace Penstock.Tests.Contracts;

public sealed class ManagementClientTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;
    private ManagementClient _client = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _server = await FakeManagementServer.StartAsync();
        _client = ManagementClient.Connect(_server.Url, "t0ken", TimeSpan.FromSeconds(30));
    }

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task A_tag_comes_with_the_resource_and_goes_back_with_the_change()
    {
        var tagged = new Dictionary<string, string> { ["ETag"] = "\"7\"" };
        _server.Will(
            CannedAnswer.Of(Samples.Key) with
            {
                Headers = tagged,
            },
            CannedAnswer.Of(Samples.Key),
            CannedAnswer.Refusal(412, "precondition_failed", "It has changed.")
        );
        var key = await _client.GetKeyAsync(Samples.Id.ToString(), Cancel);
        Assert.Equal("\"7\"", key.ETag);
        await _client.UpdateKeyAsync(Samples.Id.ToString(), new UpdateKey { Name = "n" }, key.ETag, Cancel);
        var refusal = await Assert.ThrowsAsync<ManagementException>(() =>
            _client.DeleteKeyAsync(Samples.Id.ToString(), key.ETag, Cancel)
        );
        Assert.Equal((412, "precondition_failed"), (refusal.Status, refusal.Code));
        Assert.False(_server.Requests[0].Headers.ContainsKey("If-Match"));
        Assert.Equal(["\"7\"", "\"7\""], _server.Requests.Skip(1).Select(r => r.Headers["If-Match"]));
    }

    [Fact]
    public async Task Plans_and_audit_rows_are_reached_too()
    {
        var plan = new PlanResource
        {
            Name = "pro",
            RequestsPerMinute = 500,
            MaxRequestsPerMinute = 1000,
            Keys = true,
        };
        _server.Will(
            CannedAnswer.Of(plan),
            CannedAnswer.Of(plan),
            CannedAnswer.Of(Samples.ListOf(plan)),
            new CannedAnswer(204, ""),
            new CannedAnswer(
                200,
                """
                {"data":[{"at":"2026-01-02T03:04:05Z","actor":"admin","action":"create","kind":"key","id":"k",
                "before":null,"after":{"name":"ci"}}],"next_cursor":"c"}
                """
            )
        );
        await _client.PutPlanAsync("pro", new PutPlan { RequestsPerMinute = 500, Keys = true }, null, Cancel);
        Assert.Equal(plan, (await _client.GetPlanAsync("pro", Cancel)).Value);
        Assert.Equal(plan, Assert.Single((await _client.ListPlansAsync(new Page(), Cancel)).Data));
        await _client.DeletePlanAsync("pro", null, Cancel);
        var audit = await _client.ListAuditAsync(new Page(10, "b"), Cancel);
        Assert.Equal("c", audit.NextCursor);
        Assert.Equal("ci", Assert.Single(audit.Data).After!.Value.GetProperty("name").GetString());
        Assert.Null(audit.Data[0].Before);
        Assert.Equal(
            [
                "PUT /admin/v1/plans/pro",
                "GET /admin/v1/plans/pro",
                "GET /admin/v1/plans",
                "DELETE /admin/v1/plans/pro",
                "GET /admin/v1/audit?limit=10&cursor=b",
            ],
            _server.Requests.Select(r => $"{r.Method} {r.PathAndQuery}")
        );
        Assert.Equal("""{"requests_per_minute":500,"keys":true}""", _server.Requests[0].Body);
    }

    [Fact]
    public async Task A_server_that_never_answers_is_given_up()
    {
        // Real time, but no test waits for a given length of it: the shortest timeout there is.
        using var hasty = ManagementClient.Connect(_server.Url, "t0ken", TimeSpan.FromMilliseconds(1));
        var late = await Assert.ThrowsAsync<TimeoutException>(() => hasty.ListPlansAsync(new Page(), Cancel));
        Assert.Contains("within 1ms", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_members_of_a_newer_server_is_understood()
    {
        _server.Will(
            new CannedAnswer(
                200,
                """
                {"id":"0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10","name":"acme","plan":"pro","colour":"red",
                "created_at":"2026-01-02T03:04:05Z"}
                """
            )
        );
        Assert.Equal(Samples.Workspace, (await _client.GetWorkspaceAsync("acme", Cancel)).Value);
    }
}
