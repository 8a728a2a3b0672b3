namespace Penstock.Registry;

/// <summary>
/// Looks at the declarative file whenever something happens in its folder, which is where editors rename and Kubernetes
/// swaps links, and every few seconds in case nobody tells (network file systems).
/// </summary>
internal sealed class ConfigFileWatch(ConfigFile file, TimeProvider time, ILogger<ConfigFileWatch> logger)
    : BackgroundService
{
    /// <summary>Without any event a change is seen within this time; reading a small file costs nothing.</summary>
    public static TimeSpan PollInterval { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Editors write in several steps: wait for the last.</summary>
    public static TimeSpan Debounce { get; } = TimeSpan.FromMilliseconds(250);

    private readonly SemaphoreSlim _changed = new(0);

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var watcher = Watch();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WaitAsync(stoppingToken);
                await file.CheckAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                ConfigFileLog.Failed(logger, file.Path, error);
            }
        }
    }

    private async Task WaitAsync(CancellationToken stop)
    {
        using (var poll = new CancellationTokenSource(PollInterval, time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(poll.Token, stop))
        {
            try
            {
                await _changed.WaitAsync(either.Token);
            }
            catch (OperationCanceledException) when (!stop.IsCancellationRequested)
            {
                return;
            }
        }

        await Task.Delay(Debounce, time, stop);
        while (_changed.Wait(0, stop))
        {
            // What happened meanwhile is seen by the same look.
        }
    }

    private FileSystemWatcher? Watch()
    {
        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.GetDirectoryName(file.Path)!);
            watcher.Changed += OnChange;
            watcher.Created += OnChange;
            watcher.Deleted += OnChange;
            watcher.Renamed += OnChange;
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
        {
            ConfigFileLog.NotWatched(logger, file.Path, error.Message);
            watcher?.Dispose();
            return null;
        }
    }

    private void OnChange(object sender, FileSystemEventArgs change)
    {
        // One is enough: whoever wakes looks at everything. Late events of a closing watcher find nothing to wake.
        if (_changed.CurrentCount == 0)
        {
            _changed.Release();
        }
    }
}
