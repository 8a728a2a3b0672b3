using Penstock.Primitives;

namespace Penstock.Metering;

/// <summary>What writes down what every request cost. A store is registered beside it.</summary>
internal static class MeteringFeature
{
    /// <param name="spoolFolder">Where rows wait while the store is away.</param>
    public static IServiceCollection AddMetering(this IServiceCollection services, string spoolFolder)
    {
        services.AddSection<LedgerOptions>("Ledger");
        return services
            .AddSingleton<LedgerMetrics>()
            .AddSingleton(provider => new UsageSpool(
                spoolFolder,
                provider.GetRequiredService<LedgerOptions>(),
                provider.GetRequiredService<LedgerMetrics>()
            ))
            .AddSingleton<UsageLedger>()
            .AddSingleton<StoreHand>()
            .AddSingleton<Prices>()
            .AddSingleton<UsageWriter>()
            .AddHostedService(provider => provider.GetRequiredService<UsageWriter>());
    }
}
