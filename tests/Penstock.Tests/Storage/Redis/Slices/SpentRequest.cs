using Penstock.Limits;

namespace Penstock.Tests.Storage.Redis.Slices;

/// <summary>A request that a node has granted, and what it uses.</summary>
internal sealed class SpentRequest(RedisNode node, Reservation reservation, DateTimeOffset at, long used)
{
    public RedisNode Node => node;
    public DateTimeOffset At => at;
    public long Used => used;
    public bool IsRunning { get; private set; } = true;

    public void End()
    {
        if (IsRunning)
        {
            IsRunning = false;
            node.LeasedAllowances.Settle(reservation, new Outlay(used, 0));
        }
    }

    public void DieWith(RedisNode killed) => IsRunning &= killed != node;
}
