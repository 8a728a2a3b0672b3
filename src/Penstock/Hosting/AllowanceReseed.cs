using Penstock.Storage.Redis;

namespace Penstock.Hosting;

/// <summary>When a shared server has come back empty, budgets go on where the ledger stands.</summary>
/// <param name="breakers">None without a shared server.</param>
/// <param name="accounts">The same.</param>
internal sealed partial class AllowanceReseed(
    AllowanceRestore restore,
    IEnumerable<RedisBreaker> breakers,
    IEnumerable<RedisAccounts> accounts,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<AllowanceReseed> logger
) : IHostedService
{
    /// <summary>
    /// By then nodes have seen that the server is back and told what they granted alone, and their rows are in the ledger.
    /// What is told later adds nothing (<see cref="RedisAccounts.Outdated"/>).
    /// </summary>
    private static readonly TimeSpan Told = TimeSpan.FromSeconds(5);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (breaker, shared) in breakers.Zip(accounts))
        {
            breaker.Closed += () => _ = RunAsync(shared.HasForgottenAsync);
            shared.Outdated += () => _ = RunAsync(() => Task.FromResult(true));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync(Func<Task<bool>> isDue)
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            if (await isDue())
            {
                await Task.Delay(Told, time, stopping);
                await restore.RunAsync(stopping);
            }
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            // Whatever the ledger's store throws: budgets go on with what the server knows.
            Unread(logger, error);
        }
        catch (OperationCanceledException)
        {
            // The process ends: the next start reads the ledger.
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "The ledger could not be read to restore the budgets in Redis")]
    private static partial void Unread(ILogger logger, Exception error);
}
