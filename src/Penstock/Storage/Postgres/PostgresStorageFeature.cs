using Penstock.Metering;
using Penstock.Probing;
using Penstock.Registry;

namespace Penstock.Storage.Postgres;

/// <summary>The shared stores: registry, ledger and cards in one database.</summary>
internal static class PostgresStorageFeature
{
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services) =>
        services
            .AddSingleton(provider => new PostgresDatabase(
                provider.GetRequiredService<DatabaseOptions>(),
                provider.GetRequiredService<TimeProvider>()
            ))
            .AddSingleton<ICardStore, PostgresCardStore>()
            .AddSingleton<IRegistryStore, PostgresRegistryStore>()
            .AddSingleton<IUsageStore, PostgresUsageStore>()
            .AddSingleton(provider => FollowingPace(provider.GetRequiredService<DatabaseOptions>()))
            .AddHostedService<RegistryFollower>();

    private static FollowingPace FollowingPace(DatabaseOptions options) =>
        new(TimeSpan.FromMilliseconds(options.PollMilliseconds), TimeSpan.FromSeconds(options.LongestPauseSeconds));
}
