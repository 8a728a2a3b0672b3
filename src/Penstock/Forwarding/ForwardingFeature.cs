using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Transport;

namespace Penstock.Forwarding;

/// <summary>Calls to engines.</summary>
internal static class ForwardingFeature
{
    public static void AddForwarding(this IServiceCollection services)
    {
        services.AddSection<ForwardingOptions>("Forwarding");
        services.AddSingleton(provider =>
        {
            var pools = new UpstreamPools(
                provider.GetRequiredService<ForwardingOptions>(),
                provider.GetRequiredService<Wires>(),
                provider.GetRequiredService<Heartbeat>(),
                provider.GetRequiredService<TimeProvider>()
            );
            provider.GetRequiredService<Router>().Retired += pools.Retire;
            return pools;
        });
        services.AddSingleton<CallFactory>().AddSingleton<RetryPolicy>();
    }
}
