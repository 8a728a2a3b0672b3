using Penstock.Keys;
using Penstock.Metering;
using Penstock.Probing;
using Penstock.Registry;
using Penstock.Registry.Changes;
using Penstock.Registry.Discovery;
using Penstock.Routing;

namespace Penstock.Hosting;

/// <summary>
/// Everything between the start of the process and "ready": the registry is read, the declarative file applied, the
/// listener opened, and whatever a first start lacks is made.
/// </summary>
internal sealed class Opening(
    ServeSettings settings,
    LiveRegistry registry,
    IUsageStore usage,
    AllowanceRestore allowances,
    ApiKeyAuthenticator keys,
    Router router,
    Prices prices,
    FirstStart firstStart,
    EngineDiscovery discovery,
    EngineRegistration registration,
    DemoEngine demo,
    CardShelf cards,
    EngineWatches watches,
    Readiness readiness
)
{
    public async Task RunAsync(WebApplication app, CancellationToken cancellation)
    {
        await usage.OpenAsync(cancellation);
        await allowances.RunAsync(cancellation);
        await registry.OpenAsync(cancellation);
        await cards.OpenAsync(cancellation);
        registry.OnPublished(published =>
        {
            keys.Use(KeySnapshot.Build(published.Grants));
            router.Use(published.Deployments);
            prices.Use(published.State.Prices);
        });
        await ApplyConfigAsync(app, cancellation);
        // Before the first key is made: a key that is made and never shown would be lost.
        await app.StartAsync(cancellation);
        var issued = await firstStart.EnsureAsync(cancellation);
        await FindEnginesAsync(app, cancellation);
        var simulated = HasEngines || registry.IsShared ? false : await demo.StartAsync(cancellation);
        // Last: whatever is to be watched is there, and nothing of it delays the start.
        registry.OnPublished(_ => watches.Follow(router.Table));
        readiness.Set();
        new Banner(app.Urls.First(), router.Table, issued, simulated).Write(Console.Out);
    }

    /// <summary>Something other than the simulator of an earlier start.</summary>
    private bool HasEngines => registry.State.Deployments.Keys.Any(id => id != DemoEngine.DeploymentId);

    private async Task ApplyConfigAsync(WebApplication app, CancellationToken cancellation)
    {
        if (settings.Config is null)
        {
            return;
        }

        var outcome = await app.Services.GetRequiredService<ConfigFile>().ApplyAsync(cancellation);
        if (outcome.Refused)
        {
            throw new StartException(
                string.Join(
                    Environment.NewLine,
                    outcome
                        .Mistakes.Select(mistake => $"{settings.Config}:{mistake}")
                        .Prepend("The configuration has mistakes:")
                )
            );
        }
    }

    /// <summary>
    /// Where the registry is shared, none is looked for and none simulated: what this machine calls loopback, another
    /// gateway would find on itself.
    /// </summary>
    private async Task FindEnginesAsync(WebApplication app, CancellationToken cancellation)
    {
        DiscoveryResult found;
        if (settings.Upstreams.Count > 0)
        {
            found = await discovery.AtAsync(settings.Upstreams, cancellation);
        }
        else if (settings.Discovery && !HasEngines && !registry.IsShared)
        {
            found = await discovery.OnLoopbackAsync(OwnPorts(app), cancellation);
        }
        else
        {
            return;
        }

        foreach (var (url, problem) in found.Problems)
        {
            await Console.Error.WriteLineAsync($"penstock: no models from {url}: {problem}");
        }

        await registration.RegisterAsync(found.Engines, cancellation);
    }

    private static HashSet<int> OwnPorts(WebApplication app) => [.. app.Urls.Select(url => new Uri(url).Port)];
}
