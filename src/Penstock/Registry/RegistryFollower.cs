namespace Penstock.Registry;

/// <summary>
/// Keeps this gateway's registry at what others have made of it: looks at the store's revision when one of them tells of a
/// change, and often enough that a message that nobody heard costs less than a second.
/// </summary>
internal sealed class RegistryFollower(
    LiveRegistry registry,
    IChangeFeed feed,
    FollowingPace pace,
    TimeProvider time,
    ILogger<RegistryFollower> logger
) : BackgroundService
{
    private volatile TaskCompletionSource _heard = NewSignal();
    private TimeSpan _pause = pace.Interval;
    private bool _away;

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Before anything runs beside it: what is told from now on is heard.
        feed.Listen(_ => _heard.TrySetResult());
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await WaitAsync(stoppingToken);
            // Before the look: what is heard from now on may be newer than what it sees.
            _heard = NewSignal();
            try
            {
                await registry.CatchUpAsync(stoppingToken);
                Succeeded();
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                Failed(error);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await Task.WhenAny(_heard.Task, Task.Delay(_pause, time, enough.Token));
        await enough.CancelAsync();
    }

    private void Succeeded()
    {
        if (_away)
        {
            RegistryLog.StoreBack(logger);
        }

        (_away, _pause) = (false, pace.Interval);
    }

    /// <summary>Told once; asked more and more rarely.</summary>
    private void Failed(Exception error)
    {
        if (!_away)
        {
            RegistryLog.StoreAway(logger, error);
        }

        (_away, _pause) = (true, TimeSpan.FromTicks(Math.Min(_pause.Ticks * 2, pace.LongestPause.Ticks)));
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
