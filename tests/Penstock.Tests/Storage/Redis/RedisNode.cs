using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Penstock.Limits;
using Penstock.Primitives;
using Penstock.Storage.Redis;
using Penstock.Storage.Redis.Slices;
using Penstock.Tests.Metering;

namespace Penstock.Tests.Storage.Redis;

/// <summary>
/// What one gateway has of a shared server, with a patience that no busy machine exhausts unless a test says so. Its work
/// behind the requests is done when the test says so.
/// </summary>
internal sealed class RedisNode : IAsyncDisposable
{
    private readonly TestMeters _meters = new();
    private readonly LocalLimitStore _local;

    private RedisNode(RedisOptions options, TimeProvider time, TimeProvider limits, RedisClock clock)
    {
        Options = options;
        var metrics = Metrics = new RedisMetrics(_meters.Factory);
        Breaker = new RedisBreaker(options, time, new Chance(1), metrics, NullLogger<RedisBreaker>.Instance);
        Connection = new RedisConnection(options, Breaker, metrics, time);
        Fleet = new RedisFleet(Connection, options, clock);
        _local = new LocalLimitStore(limits);
        var shares = new LimitShares(Fleet, _local, metrics);
        Limits = new RedisLimitStore(Connection, shares, clock);
        Accounts = new RedisAccounts(Connection, Fleet, clock, time);
        Allowances = new RedisAllowanceStore(Connection, Breaker, Accounts, Fleet, options, metrics, clock, time);
        Feed = new RedisChangeFeed(Connection, time);
        Upkeep = new RedisUpkeep(Connection, Fleet, Accounts, options, time);
        var terms = SliceTerms.Of(options, limits);
        LeasedLimits = new LeasedLimitStore(Connection, Limits, shares, metrics, clock, terms);
        LeasedAccounts = new LeasedAccounts(Connection, Accounts, clock, terms);
        LeasedAllowances = new LeasedAllowanceStore(Connection, Allowances, LeasedAccounts, metrics);
        Slices = new SliceUpkeep(LeasedLimits, LeasedAccounts, Connection, terms);
    }

    public RedisOptions Options { get; }
    public RedisMetrics Metrics { get; }
    public RedisBreaker Breaker { get; }
    public RedisConnection Connection { get; }
    public RedisFleet Fleet { get; }
    public RedisLimitStore Limits { get; }
    public RedisAccounts Accounts { get; }
    public RedisAllowanceStore Allowances { get; }
    public RedisUpkeep Upkeep { get; }
    public LeasedLimitStore LeasedLimits { get; }
    public LeasedAccounts LeasedAccounts { get; }
    public LeasedAllowanceStore LeasedAllowances { get; }
    public SliceUpkeep Slices { get; }
    public RedisChangeFeed Feed { get; }

    public long Away => _meters.Sum("penstock.redis.away");

    public long Calls => _meters.Sum("penstock.redis.calls");

    public long DecidedFromSlices => _meters.Sum("penstock.redis.leased");

    public long DecidedAlone => _meters.Sum("penstock.redis.alone");

    /// <param name="time">Of the connection and of what it keeps here.</param>
    /// <param name="clock">The server's; null: its own.</param>
    /// <param name="limits">By which the node grants its share of requests; null: the same as the connection's.</param>
    public static async Task<RedisNode> OpenAsync(
        string connection,
        string prefix,
        TimeProvider? time = null,
        RedisClock? clock = null,
        TimeProvider? limits = null,
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
            FailuresToOpen = 1,
        };
        configure?.Invoke(options);
        var node = new RedisNode(
            options,
            time ?? TimeProvider.System,
            limits ?? time ?? TimeProvider.System,
            clock ?? RedisClock.Own
        );
        await node.Connection.OpenAsync(TestContext.Current.CancellationToken);
        return node;
    }

    /// <summary>All by the test's clock, which may leap while an answer is on its way.</summary>
    public static Task<RedisNode> OpenAsync(string connection, string prefix, FakeTimeProvider time) =>
        OpenAsync(
            connection,
            prefix,
            time,
            RedisTime.Of(time),
            configure: options =>
                options.DeadlineMilliseconds = options.PatienceMilliseconds =
                    (int)TimeSpan.FromDays(1).TotalMilliseconds
        );

    /// <summary>Completes when the server is back after it was away.</summary>
    public Task Back()
    {
        var back = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Breaker.Closed += () => back.TrySetResult();
        return back.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Asks until it is known that the server is away.</summary>
    public async Task NoticeAsync()
    {
        while (Connection.IsUsable)
        {
            await Connection.DecideAsync(new RedisScript("return 1"), [], []);
        }
    }

    /// <summary>The server loses everything, and no connection breaks.</summary>
    public Task ForgetAsync() => Connection.RunAsync(new RedisScript("return redis.call('FLUSHALL')"), [], []);

    /// <summary>Milliseconds that each key of this fleet has left.</summary>
    public async Task<long[]> LifetimesAsync()
    {
        const string Ask =
            "local t = {} for _, k in ipairs(redis.call('KEYS', ARGV[1])) do t[#t + 1] = redis.call('PTTL', k) end return t";
        return (long[])(await Connection.RunAsync(new RedisScript(Ask), [], [$"*{Options.Prefix}:*"]))!;
    }

    public async ValueTask DisposeAsync()
    {
        Slices.Dispose();
        Upkeep.Dispose();
        Feed.Dispose();
        _local.Dispose();
        await Connection.DisposeAsync();
        _meters.Dispose();
    }
}
