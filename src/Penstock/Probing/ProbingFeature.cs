using Penstock.Primitives;

namespace Penstock.Probing;

/// <summary>Registers what looks at engines from outside of the traffic.</summary>
internal static class ProbingFeature
{
    public static IServiceCollection AddProbing(this IServiceCollection services)
    {
        services.AddSection<ProbingOptions>("Probing");
        return services
            .AddSingleton<ProbingMetrics>()
            .AddSingleton<EngineClient>()
            .AddSingleton<CardShelf>()
            .AddSingleton<Prober>()
            .AddSingleton<EngineWatches>()
            .AddHostedService(provider => provider.GetRequiredService<EngineWatches>());
    }
}
