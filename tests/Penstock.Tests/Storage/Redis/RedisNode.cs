using Microsoft.Extensions.Logging.Abstractions;
using Penstock.Primitives;
using Penstock.Storage.Redis;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage.Redis;

/// <summary>One gateway's connection to a server, with a patience that no busy machine exhausts unless a test says so.</summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly TestMeters _meters = new();

    private RedisNode(RedisOptions options, TimeProvider time)
    {
        Options = options;
        var metrics = new RedisMetrics(_meters.Factory);
        Breaker = new RedisBreaker(options, time, new Chance(1), metrics, NullLogger<RedisBreaker>.Instance);
        Connection = new RedisConnection(options, Breaker, metrics, time);
    }

    public RedisOptions Options { get; }

    public RedisBreaker Breaker { get; }

    public RedisConnection Connection { get; }

    public long Away => _meters.Sum("penstock.redis.away");

    public static async Task<RedisNode> OpenAsync(
        string connection,
        string prefix,
        TimeProvider? time = null,
        Action<RedisOptions>? configure = null
    )
    {
        var options = new RedisOptions
        {
            Connection = connection,
            Prefix = prefix,
            DeadlineMilliseconds = 10_000,
            PatienceMilliseconds = 30_000,
            RetryMilliseconds = 50,
        };
        configure?.Invoke(options);
        var node = new RedisNode(options, time ?? TimeProvider.System);
        await node.Connection.OpenAsync(TestContext.Current.CancellationToken);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        _meters.Dispose();
    }
}
