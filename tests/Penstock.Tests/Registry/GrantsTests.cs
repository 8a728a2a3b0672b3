using Penstock.Registry;
using Penstock.Registry.Changes;

namespace Penstock.Tests.Registry;

public sealed class GrantsTests
{
    [Theory]
    [InlineData(null, null, null, 500, 50)]
    [InlineData(900, null, null, 900, 90)]
    [InlineData(1, null, null, 1, 1)]
    [InlineData(9, null, null, 9, 1)]
    [InlineData(900, 7, null, 900, 7)]
    [InlineData(900, null, 8, 900, 8)]
    [InlineData(900, 7, 8, 900, 7)]
    public async Task The_keys_own_word_comes_before_the_plans(
        int? limit,
        int? burst,
        int? planBurst,
        int effective,
        int effectiveBurst
    )
    {
        using var registry = await TestRegistry.OpenAsync();
        await PutPlanAsync(registry, 500, 1000, planBurst);
        await registry.MakeWorkspaceAsync("acme");
        await registry.MakeKeyAsync("acme", "k", spec => spec with { RequestsPerMinute = limit, Burst = burst });

        var grant = Assert.Single(Grants.Of(registry.State));

        Assert.Equal((effective, effectiveBurst), (grant.RequestsPerMinute, grant.Burst));
    }

    [Fact]
    public async Task A_plan_that_shrinks_takes_its_keys_along()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("acme");
        var key = await registry.MakeKeyAsync("acme", "k", spec => spec with { RequestsPerMinute = 900 });

        await PutPlanAsync(registry, 10, 20, null);
        var renamed = KeySpec.Of(key.Key, registry.State) with { Name = "renamed" };
        await registry.MakeAsync(draft => registry.Keys.Update(draft, key.Key, Declared<KeySpec>.ByProgram(renamed)));

        Assert.Equal(20, Assert.Single(Grants.Of(registry.State)).RequestsPerMinute);
        Assert.Equal(900, registry.State.Keys[key.Key.Id].RequestsPerMinute);
    }

    private static Task<Plan> PutPlanAsync(TestRegistry registry, int limit, int ceiling, int? burst)
    {
        var plan = new Plan
        {
            Name = "pro",
            RequestsPerMinute = limit,
            MaxRequestsPerMinute = ceiling,
            Burst = burst,
        };
        return registry.MakeAsync(draft => PlanChanges.Put(draft, Declared<Plan>.ByProgram(plan)));
    }
}
