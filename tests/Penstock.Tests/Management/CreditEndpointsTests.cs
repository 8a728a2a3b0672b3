using Penstock.Contracts;
using Penstock.Metering;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Management;

public sealed class CreditEndpointsTests
{
    [Fact]
    public async Task What_was_spent_before_the_first_credit_is_not_taken_from_it()
    {
        await using var server = await ManagementServer.StartAsync();
        var workspace = await MakeAsync(server);
        server.Ledger.Record(Spent(workspace, 5));

        var first = await CreditAsync(server, 20);
        Assert.Equal((25m, 20m), (first.Credited!.Value, first.Balance!.Value));
        server.Ledger.Record(Spent(workspace, 3));

        var second = await CreditAsync(server, 1.5m);
        Assert.Equal((26.5m, 18.5m), (second.Credited!.Value, second.Balance!.Value));
    }

    [Fact]
    public async Task A_credit_reaches_the_keys_of_the_workspace_and_is_kept_when_the_workspace_is_declared_again()
    {
        await using var server = await ManagementServer.StartAsync();
        await MakeAsync(server);
        await CreditAsync(server, 20);

        await server.Client.ApplyAsync(
            "workspaces: [{ name: acme, plan: team, limits: { tokens_per_day: 5 } }]",
            prune: false,
            dryRun: false,
            ManagementServer.Stop
        );

        var grant = Penstock.Registry.Grants.Of(server.Registry.State).Single();
        Assert.Equal((20_000_000_000, 5, "team"), (grant.Credited, grant.WorkspaceLimits.TokensPerDay, grant.Plan));
        Assert.True(grant.IsBounded);
    }

    [Theory]
    [InlineData("acme", "{}", 400, "missing_required_parameter")]
    [InlineData("acme", """{"amount":"much"}""", 400, "invalid_type")]
    [InlineData("acme", """{"amount":0.0000001}""", 400, "invalid_value")]
    [InlineData("nobody", """{"amount":1}""", 404, "not_found")]
    public async Task What_makes_no_sense_changes_nothing(string workspace, string body, int status, string code)
    {
        await using var server = await ManagementServer.StartAsync();
        await MakeAsync(server);

        var refusal = await server.RefusalAsync(HttpMethod.Post, $"/admin/v1/workspaces/{workspace}/credit", body);

        Assert.Equal((status, code), (refusal.Status, refusal.Code));
        Assert.Null(server.Registry.State.FindWorkspace("acme")!.Credited);
    }

    private static async Task<Guid> MakeAsync(ManagementServer server)
    {
        var made = await server.Client.CreateWorkspaceAsync(new() { Name = "acme" }, ManagementServer.Stop);
        await server.Client.CreateKeyAsync(new() { Workspace = "acme", Name = "ci" }, ManagementServer.Stop);
        return made.Value.Id;
    }

    private static async Task<WorkspaceResource> CreditAsync(ManagementServer server, decimal amount) =>
        (
            await server.Client.CreditWorkspaceAsync(
                "acme",
                new CreditWorkspace { Amount = amount },
                ManagementServer.Stop
            )
        ).Value;

    /// <summary>A request that cost so many units.</summary>
    private static UsageRecord Spent(Guid workspace, long units) =>
        Rows.Used(1_000_000 * units, 0) with
        {
            WorkspaceId = workspace,
            Price = new TokenPrice(1_000_000, null, 0),
        };
}
