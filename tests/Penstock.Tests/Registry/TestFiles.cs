using System.Text;
using Microsoft.Extensions.Options;
using Penstock.Keys;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Reading;

namespace Penstock.Tests.Registry;

/// <summary>Applies declarative files to a test's registry.</summary>
internal static class TestFiles
{
    public static RegistryFileApplier Applier(this TestRegistry registry)
    {
        var keys = new KeyReader(Options.Create(new KeyOptions()), registry.Environment, registry.Time);
        var apply = new RegistryApply(registry.Keys, registry.Deployments);
        return new RegistryFileApplier(registry.Live, new RegistryFileReader(keys), apply);
    }

    public static Task<Outcome<ApplyOutcome>> ApplyAsync(this TestRegistry registry, string yaml, bool prune = false) =>
        registry.Applier().ApplyAsync(Encoding.UTF8.GetBytes(yaml), "file:test.yaml", prune, TestRegistry.Stop);

    /// <summary>Applies a file that must be right; gives its changes as lines.</summary>
    public static async Task<IReadOnlyList<string>> MustApplyAsync(
        this TestRegistry registry,
        string yaml,
        bool prune = false
    )
    {
        var outcome = await registry.ApplyAsync(yaml, prune);
        Assert.Empty(outcome.Mistakes);
        return
        [
            .. outcome.Value!.Changes.Select(change =>
                $"{change.Action} {change.Kind} {change.Name}" + (change.Detail is null ? "" : $" ({change.Detail})")
            ),
        ];
    }
}
