using Penstock.Idempotency;
using Penstock.Limits;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Storage.Redis;

/// <summary>The shared server, where one is named: without it nothing of this folder is made.</summary>
internal static class RedisStorageFeature
{
    /// <param name="connection">From the settings; null: each node counts for itself.</param>
    public static IServiceCollection AddRedisStorage(this IServiceCollection services, string? connection)
    {
        services.AddSection<RedisOptions>(RedisOptions.Section);
        services
            .AddOptions<RedisOptions>()
            .Validate(
                options => options.Connection is not { } text || RedisConnection.Mistake(text) is null,
                $"{RedisOptions.ConnectionKey} cannot be read: give host:port, and options "
                    + "of StackExchange.Redis behind commas."
            );
        return string.IsNullOrEmpty(connection)
            ? services
            : services
                .AddSingleton<RedisMetrics>()
                .AddSingleton<RedisBreaker>()
                .AddSingleton<RedisConnection>()
                .AddSingleton(RedisClock.Own)
                .AddSingleton<RedisFleet>()
                .AddSingleton<RedisAccounts>()
                .AddSingleton<LocalLimitStore>()
                .AddSingleton<ILimitStore, RedisLimitStore>()
                .AddSingleton<IAllowanceStore, RedisAllowanceStore>()
                .AddSingleton<IChangeFeed, RedisChangeFeed>()
                .AddSingleton<RedisAnswers>()
                .AddSingleton<IIdempotencyStore, RedisIdempotencyStore>()
                .AddHostedService<RedisUpkeep>();
    }
}
