using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// Sets tokens and money aside out of slices that the shared server has granted to this node ahead of need. A request that
/// is too large for what is left is decided by the server, and one with a limit of concurrent requests always: a place is
/// one request, and a slice of places would be refused elsewhere.
/// </summary>
internal sealed class LeasedAllowanceStore(
    RedisConnection connection,
    RedisAllowanceStore exact,
    LeasedAccounts slices,
    RedisMetrics metrics
) : IAllowanceStore
{
    public ValueTask<AllowanceVerdict> ReserveAsync(KeyGrant grant, Outlay claim, CancellationToken cancellationToken)
    {
        if (grant.Limits.ConcurrentRequests is not null || grant.WorkspaceLimits.ConcurrentRequests is not null)
        {
            return exact.ReserveAsync(grant, claim, cancellationToken);
        }

        if (TryReserve(grant, claim, out var verdict) is { } wanting)
        {
            return AskAsync(grant, claim, wanting, cancellationToken);
        }

        Refill(grant);
        return new ValueTask<AllowanceVerdict>(verdict);
    }

    public void Settle(Reservation reservation, Outlay used)
    {
        if (reservation is not SliceReservation ofSlices)
        {
            exact.Settle(reservation, used);
        }
        else if (reservation.TrySettle())
        {
            ofSlices.End(used);
        }
    }

    public void Use(KeyGrant grant, Outlay used) => exact.Use(grant, used);

    public ValueTask RestoreAsync(IReadOnlyDictionary<Guid, UsedSoFar> ledger, CancellationToken cancellationToken) =>
        exact.RestoreAsync(ledger, cancellationToken);

    /// <returns>The account whose slice has too little; null: there is a verdict.</returns>
    private Guid? TryReserve(KeyGrant grant, Outlay claim, out AllowanceVerdict verdict)
    {
        verdict = default;
        var (key, workspace) = (slices[grant.KeyId], slices[grant.WorkspaceId]);
        if (!key.TryTake(grant.Limits, null, claim, out var ofKey))
        {
            return grant.KeyId;
        }

        if (!workspace.TryTake(grant.WorkspaceLimits, grant.Credited, claim, out var ofWorkspace))
        {
            key.End(ofKey, default);
            return grant.WorkspaceId;
        }

        metrics.DecideFromSlice();
        verdict = new AllowanceVerdict(
            AllowanceKind.None,
            OfWorkspace: false,
            0,
            0,
            TokenStanding.Tighter(key.Standing(grant.Limits), workspace.Standing(grant.WorkspaceLimits)),
            new SliceReservation(grant, ofKey, ofWorkspace)
        );
        return null;
    }

    /// <param name="wanting">The account whose slice has too little.</param>
    private async ValueTask<AllowanceVerdict> AskAsync(
        KeyGrant grant,
        Outlay claim,
        Guid wanting,
        CancellationToken cancellationToken
    )
    {
        // Sent before the question and heard before it: what is of no use here must not stand in its own way.
        GiveBack(wanting);
        var underWay = slices[wanting].UnderWay;
        var verdict = await exact.ReserveAsync(grant, claim, cancellationToken);
        if (verdict.Refused != AllowanceKind.None)
        {
            await (underWay ?? Task.CompletedTask);
            if (TryReserve(grant, claim, out var late) is null)
            {
                return late;
            }

            // It may be the other account's: then for those who come next.
            GiveBack(verdict.OfWorkspace ? grant.WorkspaceId : grant.KeyId);
        }

        Refill(grant);
        return verdict;
    }

    private void GiveBack(Guid holder)
    {
        var slice = slices[holder];
        if (connection.IsUsable && slice.GiveBack() is { } order)
        {
            _ = slices.SendAsync(holder, slice, order);
        }
    }

    private void Refill(KeyGrant grant)
    {
        Refill(grant.KeyId, grant.Limits, null);
        Refill(grant.WorkspaceId, grant.WorkspaceLimits, grant.Credited);
    }

    private void Refill(Guid holder, Allowance limits, long? credited)
    {
        var slice = slices[holder];
        if (connection.IsUsable && slice.Refill(limits, credited) is { } order)
        {
            _ = slices.SendAsync(holder, slice, order);
        }
    }
}
