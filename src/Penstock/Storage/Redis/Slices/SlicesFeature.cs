using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>Limits out of leased slices, where the operator chooses speed: without it nothing of this folder is made.</summary>
internal static class SlicesFeature
{
    public static IServiceCollection AddSlices(this IServiceCollection services) =>
        services
            .AddSingleton<SliceTerms>(provider =>
                SliceTerms.Of(provider.GetRequiredService<RedisOptions>(), provider.GetRequiredService<TimeProvider>())
            )
            .AddSingleton<LeasedLimitStore>()
            .AddSingleton<ILimitStore>(stores => stores.GetRequiredService<LeasedLimitStore>())
            .AddSingleton<LeasedAccounts>()
            .AddSingleton<IAllowanceStore, LeasedAllowanceStore>()
            .AddHostedService<SliceUpkeep>();
}
