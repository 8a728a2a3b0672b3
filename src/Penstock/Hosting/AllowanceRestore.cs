using Penstock.Limits;
using Penstock.Metering;

namespace Penstock.Hosting;

/// <summary>At the start, and when a shared store is back: budgets and balances go on where the ledger says that the last process stopped.</summary>
internal sealed class AllowanceRestore(IUsageStore usage, IAllowanceStore allowances, TimeProvider time)
{
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var today = new DateTimeOffset(now.Year, now.Month, now.Day, 0, 0, 0, TimeSpan.Zero);
        var month = today.AddDays(1 - now.Day);
        var spent = await usage.SpentAsync(cancellation);
        var holders = new HashSet<Guid>(spent.Keys);
        var daily = await SumsAsync(today, cancellation);
        var monthly = await SumsAsync(month, cancellation);
        holders.UnionWith(monthly.Keys);
        var used = holders.ToDictionary(
            holder => holder,
            holder => new UsedSoFar(
                daily.GetValueOrDefault(holder),
                monthly.GetValueOrDefault(holder),
                spent.GetValueOrDefault(holder)
            )
        );
        await allowances.RestoreAsync(used, cancellation);
    }

    private async Task<Dictionary<Guid, Outlay>> SumsAsync(DateTimeOffset from, CancellationToken cancellation)
    {
        var keys = await usage.SumAsync(new UsageQuestion(UsageGrouping.Key, from, null), cancellation);
        var workspaces = await usage.SumAsync(new UsageQuestion(UsageGrouping.Workspace, from, null), cancellation);
        var sums = new Dictionary<Guid, Outlay>();
        foreach (var sum in keys.Concat(workspaces))
        {
            var holder = sum.KeyId ?? sum.WorkspaceId!.Value;
            var before = sums.GetValueOrDefault(holder);
            sums[holder] = new Outlay(before.Tokens + sum.PromptTokens + sum.CompletionTokens, before.Cost + sum.Cost);
        }

        return sums;
    }
}
