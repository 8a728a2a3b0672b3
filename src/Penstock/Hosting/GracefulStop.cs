using Penstock.Forwarding;
using Penstock.Inference;

namespace Penstock.Hosting;

/// <summary>
/// After SIGTERM the listener closes at once and answers under way may finish; what has not finished when the grace
/// period is over ends with an error event.
/// </summary>
internal sealed class GracefulStop(
    IHostApplicationLifetime lifetime,
    CallFactory calls,
    InferenceOptions options,
    TimeProvider time
) : IHostedService, IDisposable
{
    /// <summary>What the last error events get to reach their callers after the grace period.</summary>
    public static readonly TimeSpan LastWords = TimeSpan.FromSeconds(2);

    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(Arm);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _timer?.Dispose();

    private void Arm() =>
        _timer = time.CreateTimer(
            static calls => ((CallFactory)calls!).EndAll(),
            calls,
            TimeSpan.FromSeconds(options.ShutdownGraceSeconds),
            // Again and again: a call may have begun between two of them.
            TimeSpan.FromMilliseconds(250)
        );
}
