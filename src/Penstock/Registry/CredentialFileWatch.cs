namespace Penstock.Registry;

/// <summary>
/// Looks every few seconds whether a credential in a file has changed, so that one that was renewed is used before the engine
/// stops taking the old one. The files are read: links that are swapped and clocks of other machines do not mislead it.
/// </summary>
internal sealed class CredentialFileWatch(LiveRegistry registry, TimeProvider time, ILogger<CredentialFileWatch> logger)
    : BackgroundService
{
    /// <summary>Whoever rotates gives minutes; reading small files costs nothing.</summary>
    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var beat = new PeriodicTimer(Interval, time);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await beat.WaitForNextTickAsync(stoppingToken);
                await registry.RenewCredentialsAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                RegistryLog.CredentialsNotRenewed(logger, error);
            }
        }
    }
}
