using Penstock.Contracts;
using Penstock.Metering;

namespace Penstock.Tests.Management;

public sealed class UsageEndpointsTests
{
    private static readonly Guid Gone = Guid.Parse("00000000-0000-0000-0000-0000000000cc");

    [Fact]
    public async Task Rows_have_exactly_the_fields_of_the_contract_and_their_grouping_s_own()
    {
        await using var server = await ManagementServer.StartAsync();
        var key = await MakeKeyAsync(server, "acme", "ci");
        server.Ledger.Record(Row(server, key, 1_000, 200));

        foreach (var by in new[] { "model", "key", "day" })
        {
            var (_, body) = await server.SendAsync(HttpMethod.Get, $"/admin/v1/usage?by={by}");
            Assert.Equal(
                [
                    by,
                    "requests",
                    "errors",
                    "prompt_tokens",
                    "completion_tokens",
                    "cached_tokens",
                    "reasoning_tokens",
                    "cost",
                ],
                body.GetProperty("data")[0].EnumerateObject().Select(member => member.Name)
            );
        }
    }

    [Fact]
    public async Task What_ended_before_the_question_is_in_the_answer_and_money_is_exact()
    {
        await using var server = await ManagementServer.StartAsync();
        var key = await MakeKeyAsync(server, "acme", "ci");
        for (var i = 0; i < 3; i++)
        {
            server.Ledger.Record(Row(server, key, 1_000, 200));
        }

        var row = Assert.Single((await AskAsync(server, new UsageQuery())).Data);

        Assert.Equal((3, 0, 3_000, 600), (row.Requests, row.Errors, row.PromptTokens, row.CompletionTokens));
        Assert.Equal(("llama", 0.00288m), (row.Model, row.Cost));
    }

    [Fact]
    public async Task A_key_and_its_successor_are_one_row_and_a_key_that_is_gone_goes_by_its_id()
    {
        await using var server = await ManagementServer.StartAsync();
        var key = await MakeKeyAsync(server, "acme", "ci");
        var successor = (await server.Client.RotateKeyAsync(key.Id.ToString(), new(), ManagementServer.Stop)).Value;
        server.Ledger.Record(Row(server, key, 1, 0));
        server.Ledger.Record(Row(server, successor, 10, 0));
        server.Ledger.Record(Row(server, key, 100, 0) with { KeyId = Gone });

        var rows = (await AskAsync(server, new UsageQuery("key"))).Data;

        Assert.Equal([(Gone.ToString(), 100L), ("ci", 11L)], rows.Select(row => (row.Key!, row.PromptTokens)));
    }

    [Fact]
    public async Task Keys_of_one_name_in_two_workspaces_are_told_apart()
    {
        await using var server = await ManagementServer.StartAsync();
        server.Ledger.Record(Row(server, await MakeKeyAsync(server, "acme", "ci"), 1, 0));
        server.Ledger.Record(Row(server, await MakeKeyAsync(server, "beta", "ci"), 2, 0));

        Assert.Equal(
            ["acme/ci", "beta/ci"],
            (await AskAsync(server, new UsageQuery("key"))).Data.Select(row => row.Key!)
        );
        var acme = await AskAsync(server, new UsageQuery("key", Workspace: "acme"));
        Assert.Equal(["ci"], acme.Data.Select(row => row.Key!));
    }

    [Fact]
    public async Task Pages_of_usage_join_to_the_whole()
    {
        await using var server = await ManagementServer.StartAsync();
        var key = await MakeKeyAsync(server, "acme", "ci");
        foreach (var model in new[] { "a", "b", "c" })
        {
            server.Ledger.Record(Row(server, key, 1, 0) with { Model = model });
        }

        var first = await server.Client.ListUsageAsync(new UsageQuery(), new Page(2), ManagementServer.Stop);
        var rest = await server.Client.ListUsageAsync(
            new UsageQuery(),
            new Page(2, first.NextCursor),
            ManagementServer.Stop
        );

        Assert.Equal(["a", "b", "c"], first.Data.Concat(rest.Data).Select(row => row.Model!));
        Assert.Null(rest.NextCursor);
    }

    [Theory]
    [InlineData("by=user", 400, "by")]
    [InlineData("since=yesterday", 400, "since")]
    [InlineData("since=40000d", 400, "since")]
    [InlineData("workspace=nobody", 404, null)]
    [InlineData("limit=0", 400, "limit")]
    public async Task A_question_that_makes_no_sense_is_refused(string query, int status, string? param)
    {
        await using var server = await ManagementServer.StartAsync();

        var refusal = await server.RefusalAsync(HttpMethod.Get, $"/admin/v1/usage?{query}");

        Assert.Equal((status, param), (refusal.Status, refusal.Param));
    }

    private static Task<ResourceList<UsageRow>> AskAsync(ManagementServer server, UsageQuery query) =>
        server.Client.ListUsageAsync(query, new Page(), ManagementServer.Stop);

    private static async Task<KeyResource> MakeKeyAsync(ManagementServer server, string workspace, string name)
    {
        await server.Client.CreateWorkspaceAsync(new() { Name = workspace }, ManagementServer.Stop);
        var body = new CreateKey { Workspace = workspace, Name = name };
        return (await server.Client.CreateKeyAsync(body, ManagementServer.Stop)).Value;
    }

    private static UsageRecord Row(ManagementServer server, KeyResource key, long prompt, long completion)
    {
        var now = TimeProvider.System.GetUtcNow();
        return Metering.Rows.Used(prompt, completion, now, key.Id) with
        {
            WorkspaceId = server.Registry.State.FindWorkspace(key.Workspace)!.Id,
            Price = new TokenPrice(600_000, null, 1_800_000),
        };
    }
}
