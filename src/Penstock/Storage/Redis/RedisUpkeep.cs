using Penstock.Primitives;

namespace Penstock.Storage.Redis;

/// <summary>
/// The work behind the requests: this node's sign of life, the leases of what still runs, and what could not be told at
/// once.
/// </summary>
internal sealed class RedisUpkeep(
    RedisConnection connection,
    RedisFleet fleet,
    RedisAccounts accounts,
    RedisOptions options,
    TimeProvider time
) : BackgroundService
{
    /// <summary>What found no answer is told again after that.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly TimeSpan _lease = TimeSpan.FromSeconds(options.LeaseSeconds);
    private long? _beatAt;
    private long? _renewedAt;

    /// <summary>Tells the others what has ended here, and that this node is gone.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await accounts.TellAllAsync();
        await fleet.LeaveAsync();
    }

    /// <summary>One round: whatever is due by now.</summary>
    public async Task StepAsync()
    {
        if (!connection.IsUsable)
        {
            return;
        }

        if (IsDue(ref _beatAt, TimeSpan.FromSeconds(options.HeartbeatSeconds)))
        {
            await fleet.BeatAsync();
        }

        await accounts.TellAllAsync();
        var third = _lease / 3;
        if (IsDue(ref _renewedAt, third))
        {
            await accounts.RenewAsync(time.GetTimestamp() - time.Ticks(third), _lease);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await connection.OpenAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await StepAsync();
            await Task.Delay(Step, time, stoppingToken);
        }
    }

    private bool IsDue(ref long? last, TimeSpan period)
    {
        if (last is { } at && time.GetElapsedTime(at) < period)
        {
            return false;
        }

        last = time.GetTimestamp();
        return true;
    }
}
