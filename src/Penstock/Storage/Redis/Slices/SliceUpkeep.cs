using Penstock.Primitives;

namespace Penstock.Storage.Redis.Slices;

/// <summary>Gives back what was leased and is not used; all of it when this node ends.</summary>
internal sealed class SliceUpkeep(
    LeasedLimitStore limits,
    LeasedAccounts accounts,
    RedisConnection connection,
    SliceTerms terms
) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(limits.GiveBackAsync(all: true), accounts.GiveBackAsync(all: true));
    }

    /// <summary>One round: whatever is due by now.</summary>
    public Task StepAsync() => Task.WhenAll(limits.GiveBackAsync(all: false), accounts.GiveBackAsync(all: false));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await connection.OpenAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await StepAsync();
            // Twice in the quarter of a lease in which a slice is given back before its end.
            await Task.Delay(terms.Lease / 8, terms.Time, stoppingToken);
        }
    }
}
