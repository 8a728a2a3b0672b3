using Penstock.Idempotency;
using Penstock.Storage.Redis;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage.Redis;

/// <summary>What one gateway has of the answers that it shares with others.</summary>
internal sealed class TwinNode : IAsyncDisposable
{
    private readonly TestMeters _meters = new();

    private TwinNode(RedisNode redis, IdempotencyOptions options, RedisClock clock)
    {
        Redis = redis;
        Local = new MemoryIdempotencyStore(options, new IdempotencyMetrics(_meters.Factory), TimeProvider.System);
        Answers = new RedisAnswers(redis.Connection, redis.Fleet, redis.Options, options, clock);
        Store = new RedisIdempotencyStore(Answers, Local, redis.Fleet, redis.Metrics, TimeProvider.System);
    }

    public RedisNode Redis { get; }
    public MemoryIdempotencyStore Local { get; }
    public RedisAnswers Answers { get; }
    public RedisIdempotencyStore Store { get; }

    /// <param name="clock">The server's, by which leases end.</param>
    public static async Task<TwinNode> OpenAsync(
        string connection,
        string prefix,
        RedisClock? clock = null,
        IdempotencyOptions? options = null,
        Action<RedisOptions>? configure = null
    )
    {
        var redis = await RedisNode.OpenAsync(
            connection,
            prefix,
            clock: clock,
            configure: settings =>
            {
                settings.TwinMilliseconds = 1;
                configure?.Invoke(settings);
            }
        );
        return new TwinNode(redis, options ?? new IdempotencyOptions(), clock ?? RedisClock.Own);
    }

    /// <summary>As a kill does: the server hears no more of it.</summary>
    public async Task KillAsync()
    {
        if (!IsKilled)
        {
            IsKilled = true;
            await Redis.Connection.DisposeAsync();
            Store.Dispose();
        }
    }

    public bool IsKilled { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Local.Dispose();
        await Redis.DisposeAsync();
        _meters.Dispose();
    }
}
