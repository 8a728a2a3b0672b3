using Penstock.Primitives;

namespace Penstock.Storage.Redis;

/// <summary>
/// Keeps requests away from a server that does not answer. While it is open, this node asks one small question now and
/// then, by itself and at a moment of chance: no request is ever the one that tries.
/// </summary>
internal sealed class RedisBreaker : IDisposable
{
    private readonly Lock _gate = new();
    private readonly RedisOptions _options;
    private readonly Chance _chance;
    private readonly RedisMetrics _metrics;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private Func<Task<bool>> _probe = static () => Task.FromResult(false);
    private int _failures;
    private volatile bool _open;
    private bool _disposed;

    public RedisBreaker(
        RedisOptions options,
        TimeProvider time,
        Chance chance,
        RedisMetrics metrics,
        ILogger<RedisBreaker> logger
    )
    {
        (_options, _chance, _metrics, _logger) = (options, chance, metrics, logger);
        _timer = time.CreateTimer(
            static self => _ = ((RedisBreaker)self!).ProbeAsync(),
            this,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan
        );
    }

    /// <summary>The server is back; on a thread that no request waits for.</summary>
    public event Action? Closed;

    public bool IsOpen => _open;

    /// <param name="probe">Asks the server something small: true when it answered in time.</param>
    public void ProbeBy(Func<Task<bool>> probe) => _probe = probe;

    public void Succeed() => Volatile.Write(ref _failures, 0);

    public void Fail(string reason)
    {
        if (Interlocked.Increment(ref _failures) < _options.FailuresToOpen || _open)
        {
            return;
        }

        lock (_gate)
        {
            if (_open || _disposed)
            {
                return;
            }

            _open = true;
            _metrics.Leave();
            Arm();
        }

        _logger.RedisAway(reason);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _disposed = true;
            _timer.Dispose();
        }
    }

    private async Task ProbeAsync()
    {
        var answered = await _probe();
        lock (_gate)
        {
            if (_disposed)
            {
                return;
            }

            if (!answered)
            {
                Arm();
                return;
            }

            Succeed();
            _open = false;
            _metrics.Return();
        }

        _logger.RedisBack();
        Closed?.Invoke();
    }

    private void Arm() =>
        _timer.Change(
            TimeSpan.FromMilliseconds(_options.RetryMilliseconds * (1 + _chance.NextDouble())),
            Timeout.InfiniteTimeSpan
        );
}
