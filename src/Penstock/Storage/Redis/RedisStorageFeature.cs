using Penstock.Idempotency;
using Penstock.Limits;
using Penstock.Primitives;
using Penstock.Registry;
using Penstock.Storage.Redis.Slices;

namespace Penstock.Storage.Redis;

/// <summary>The shared server, where one is named: without it nothing of this folder is made.</summary>
internal static class RedisStorageFeature
{
    /// <param name="connection">From the settings; null: each node counts for itself.</param>
    /// <param name="leased">Whether limits are decided out of slices.</param>
    public static IServiceCollection AddRedisStorage(
        this IServiceCollection services,
        string? connection,
        bool leased = false
    )
    {
        services.AddSection<RedisOptions>(RedisOptions.Section);
        services
            .AddOptions<RedisOptions>()
            .Validate(
                options => options.Connection is not { } text || RedisConnection.Mistake(text) is null,
                $"{RedisOptions.ConnectionKey} cannot be read: give host:port, and options "
                    + "of StackExchange.Redis behind commas."
            );
        if (string.IsNullOrEmpty(connection))
        {
            return services;
        }

        return services
            .AddSingleton<RedisMetrics>()
            .AddSingleton<RedisBreaker>()
            .AddSingleton<RedisConnection>()
            .AddSingleton(RedisClock.Own)
            .AddSingleton<RedisFleet>()
            .AddSingleton<RedisAccounts>()
            .AddSingleton<LocalLimitStore>()
            .AddSingleton<LimitShares>()
            .AddSingleton<RedisLimitStore>()
            .AddSingleton<RedisAllowanceStore>()
            .AddSingleton<IChangeFeed, RedisChangeFeed>()
            .AddSingleton<RedisAnswers>()
            .AddSingleton<IIdempotencyStore, RedisIdempotencyStore>()
            .AddHostedService<RedisUpkeep>()
            .AddSharedLimits(leased);
    }

    private static IServiceCollection AddSharedLimits(this IServiceCollection services, bool leased) =>
        leased
            ? services.AddSlices()
            : services
                .AddSingleton<ILimitStore>(stores => stores.GetRequiredService<RedisLimitStore>())
                .AddSingleton<IAllowanceStore>(stores => stores.GetRequiredService<RedisAllowanceStore>());
}
