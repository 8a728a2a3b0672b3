using Penstock.Registry;
using Penstock.Registry.Changes;

namespace Penstock.Tests.Registry;

public sealed class LiveRegistryTests
{
    [Fact]
    public async Task A_new_registry_has_the_shipped_plans()
    {
        using var registry = await TestRegistry.OpenAsync();

        Assert.Equal(["enterprise", "pro", "starter", "team"], registry.State.Plans.Keys);
    }

    [Fact]
    public async Task What_was_made_is_there_when_the_folder_is_opened_again()
    {
        using var folder = new TemporaryFolder();
        RegistryState before;
        using (var first = await TestRegistry.OpenAsync(folder.File("data")))
        {
            await first.MakeWorkspaceAsync("acme");
            await first.MakeKeyAsync("acme", "ci");
            await first.MakeDeploymentAsync("acme", "m");
            before = first.State;
        }

        using var second = await TestRegistry.OpenAsync(folder.File("data"));

        Assert.Equal(before.Workspaces.Values, second.State.Workspaces.Values);
        Assert.Equal(before.Keys.Values, second.State.Keys.Values);
        Assert.Equal(before.Deployments.Values, second.State.Deployments.Values);
    }

    [Fact]
    public async Task Subscribers_see_the_state_they_find_and_each_one_after_it()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var seen = new List<(int Grants, int Deployments)>();
        registry.Live.OnPublished(published => seen.Add((published.Grants.Count, published.Deployments.Count)));

        await registry.MakeKeyAsync("acme", "ci");
        await registry.MakeDeploymentAsync("acme", "m");

        Assert.Equal([(0, 0), (1, 0), (1, 1)], seen);
    }

    [Fact]
    public async Task A_refused_change_publishes_nothing_and_leaves_no_audit()
    {
        using var registry = await TestRegistry.OpenAsync();
        var before = registry.State;
        var audit = await registry.Live.ReadAuditAsync(null, 100, TestRegistry.Stop);
        var published = 0;
        registry.Live.OnPublished(_ => published++);

        var outcome = await registry.ChangeAsync(draft =>
            WorkspaceChanges.Create(draft, Declared<WorkspaceSpec>.ByProgram(new("acme", "prp")))
        );

        var mistake = Assert.Single(outcome.Mistakes);
        Assert.Equal("plan: there is no plan \"prp\", did you mean \"pro\"?", mistake.ToString());
        Assert.Same(before, registry.State);
        Assert.Equal(1, published);
        Assert.Equal(audit, await registry.Live.ReadAuditAsync(null, 100, TestRegistry.Stop));
    }

    [Fact]
    public async Task Every_change_leaves_an_audit_row_that_holds_no_secret()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var issued = await registry.MakeKeyAsync("acme", "ci");
        await registry.MakeDeploymentAsync(
            "acme",
            "m",
            spec =>
                spec with
                {
                    Replicas =
                    [
                        new(new ReplicaRecord { Url = "http://a:1", ApiKey = new Secret("sk-upstream") }, true),
                    ],
                }
        );
        await registry.MakeAsync(draft => KeyChanges.Revoke(draft, issued.Key));

        var audit = await registry.Live.ReadAuditAsync(null, 4, TestRegistry.Stop);

        Assert.Equal(
            ["update key", "create deployment", "create key", "create workspace"],
            audit.Select(entry => $"{entry.Action} {entry.Kind}")
        );
        Assert.All(audit, entry => Assert.Equal(TestRegistry.Actor, entry.Actor));
        Assert.Contains("\"revoked_at\":null", audit[0].Before!, StringComparison.Ordinal);
        Assert.Contains("\"revoked_at\":\"2030-01-02T03:04:05.678", audit[0].After!, StringComparison.Ordinal);
        var text = string.Concat(audit.Select(entry => entry.ToString()));
        Assert.DoesNotContain(issued.Secret!.Value.Value, text, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-upstream", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_that_changes_nothing_is_neither_stored_nor_published()
    {
        using var registry = await TestRegistry.OpenAsync();
        var workspace = await registry.MakeWorkspaceAsync("acme");
        var before = registry.State;

        await registry.MakeAsync(draft =>
            WorkspaceChanges.Update(draft, workspace, Declared<WorkspaceSpec>.ByProgram(new("acme", "pro")))
        );

        Assert.Same(before, registry.State);
    }

    [Fact]
    public async Task Changes_made_at_the_same_time_all_happen()
    {
        using var registry = await TestRegistry.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => registry.MakeWorkspaceAsync($"w{i}"))));

        Assert.Equal(50, registry.State.Workspaces.Count);
    }
}
