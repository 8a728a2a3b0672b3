using System.Text;
using Penstock.Keys;
using Penstock.Registry;

namespace Penstock.Tests.Registry;

public sealed class FirstStartTests
{
    [Fact]
    public async Task Where_there_is_no_workspace_one_is_made_with_a_key_that_works()
    {
        using var registry = await TestRegistry.OpenAsync();

        var issued = await new FirstStart(registry.Live, registry.Keys).EnsureAsync(TestRegistry.Stop);

        var workspace = Assert.Single(registry.State.Workspaces.Values);
        Assert.Equal(("default", "pro"), (workspace.Name, workspace.Plan));
        var grant = Assert.Single(Grants.Of(registry.State));
        Assert.Equal(ApiKeyHash.Of(Encoding.ASCII.GetBytes(issued!.Secret!.Value.Value)), grant.Hash);
        Assert.Equal((500, 50, "pro"), (grant.RequestsPerMinute, grant.Burst, grant.Plan));
    }

    [Fact]
    public async Task Where_there_is_one_nothing_is_made()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("mine");

        Assert.Null(await new FirstStart(registry.Live, registry.Keys).EnsureAsync(TestRegistry.Stop));
        Assert.Empty(registry.State.Keys);
    }

    [Fact]
    public async Task A_secret_does_not_print()
    {
        using var registry = await TestRegistry.OpenAsync();

        var issued = await new FirstStart(registry.Live, registry.Keys).EnsureAsync(TestRegistry.Stop);

        Assert.DoesNotContain(issued!.Secret!.Value.Value, issued.ToString(), StringComparison.Ordinal);
    }
}
