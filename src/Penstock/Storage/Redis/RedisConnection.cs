using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// The one connection of this node. Every call has a deadline of our own, whatever the socket does, and none is queued
/// while the server is away: it fails at once, and the caller decides alone.
/// </summary>
/// <remarks>
/// The library completes its tasks on pool threads, never on the thread that reads the socket: what a request does after
/// an answer cannot stall the answers of others.
/// </remarks>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly RedisOptions _options;
    private readonly RedisBreaker _breaker;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Lazy<Task<ConnectionMultiplexer>> _opening;
    private readonly TimeSpan _deadline;

    public RedisConnection(RedisOptions options, RedisBreaker breaker, RedisMetrics metrics, TimeProvider time)
    {
        (_options, _breaker, _metrics, _time) = (options, breaker, metrics, time);
        _deadline = TimeSpan.FromMilliseconds(options.DeadlineMilliseconds);
        Patience = TimeSpan.FromMilliseconds(options.PatienceMilliseconds);
        _opening = new Lazy<Task<ConnectionMultiplexer>>(() => ConnectionMultiplexer.ConnectAsync(Configure(options)));
        breaker.ProbeBy(ProbeAsync);
    }

    /// <summary>What work behind the requests waits for.</summary>
    public TimeSpan Patience { get; }

    /// <summary>What all keys of this fleet begin with.</summary>
    public string Prefix => _options.Prefix;

    /// <summary>False: the server is known to be away, and nothing should be asked.</summary>
    public bool IsUsable => !_breaker.IsOpen;

    /// <summary>What is wrong with a connection string; null: nothing.</summary>
    public static string? Mistake(string connection)
    {
        try
        {
            return ConfigurationOptions.Parse(connection).EndPoints.Count > 0 ? null : "it names no host";
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            return error.Message;
        }
    }

    /// <summary>Connects, or goes on trying behind the caller's back when the server is not there yet.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _opening.Value.WaitAsync(Patience, _time, cancellationToken);
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            _breaker.Fail(error.Message);
        }
    }

    /// <summary>Runs a script on the path of a request.</summary>
    /// <returns>Null: there was no answer in time, and nobody knows whether it ran.</returns>
    public Task<RedisResult?> DecideAsync(RedisScript script, RedisKey[] keys, RedisValue[] values) =>
        RunAsync(script, keys, values, _deadline);

    /// <summary>Runs a script that no request waits for.</summary>
    /// <returns>Null: there was no answer in time, and nobody knows whether it ran.</returns>
    public Task<RedisResult?> RunAsync(RedisScript script, RedisKey[] keys, RedisValue[] values) =>
        RunAsync(script, keys, values, Patience);

    /// <summary>The subscriber of this connection; null while there is none.</summary>
    public ISubscriber? Subscriber => Opened?.GetSubscriber();

    public async ValueTask DisposeAsync()
    {
        _breaker.Dispose();
        if (Opened is { } opened)
        {
            await opened.CloseAsync(allowCommandsToComplete: false);
            opened.Dispose();
        }
    }

    private ConnectionMultiplexer? Opened =>
        _opening is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
            ? _opening.Value.GetAwaiter().GetResult()
            : null;

    private async Task<RedisResult?> RunAsync(
        RedisScript script,
        RedisKey[] keys,
        RedisValue[] values,
        TimeSpan deadline
    )
    {
        if (_breaker.IsOpen || Opened is not { } opened)
        {
            return null;
        }

        var answer = opened.GetDatabase().ScriptEvaluateAsync(script.Text, keys, values);
        // Nothing is thrown: a process's first exception takes tens of milliseconds, and a request waits here.
        await ((Task)answer).WaitAsync(deadline, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (answer.IsCompletedSuccessfully)
        {
            _breaker.Succeed();
            _metrics.Answer();
            return await answer;
        }

        if (answer.IsCompleted)
        {
            _metrics.Fail();
            _breaker.Fail(answer.Exception?.GetBaseException().Message ?? "the call was given up");
        }
        else
        {
            _metrics.Late();
            _breaker.Fail($"no answer within {deadline.TotalMilliseconds} ms");
            Forget(answer);
        }

        return null;
    }

    /// <summary>Who waits no longer still sees to it that a late failure has been looked at.</summary>
    private static void Forget(Task? late) =>
        _ = late?.ContinueWith(
            static task => task.Exception,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default
        );

    /// <summary>As quick as a decision has to be: a server that only crawls is still away.</summary>
    private async Task<bool> ProbeAsync()
    {
        if (Opened is not { } opened)
        {
            return false;
        }

        Task? answer = null;
        try
        {
            answer = opened.GetDatabase().PingAsync();
            await answer.WaitAsync(_deadline, _time);
            return true;
        }
        catch (Exception error) when (error is RedisException or TimeoutException or ObjectDisposedException)
        {
            Forget(answer);
            return false;
        }
    }

    private static ConfigurationOptions Configure(RedisOptions options)
    {
        var configuration = ConfigurationOptions.Parse(options.Connection!);
        configuration.ClientName ??= "penstock";
        // It goes on trying by itself, and queues nothing meanwhile.
        configuration.AbortOnConnectFail = false;
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.ReconnectRetryPolicy = new LinearRetry(options.RetryMilliseconds);
        // Only tidies up behind our own deadline.
        configuration.AsyncTimeout = options.PatienceMilliseconds;
        return configuration;
    }
}
