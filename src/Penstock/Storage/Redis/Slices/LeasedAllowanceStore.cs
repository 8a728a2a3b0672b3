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

        if (!TryReserve(grant, claim, out var verdict))
        {
            return AskAsync(grant, claim, cancellationToken);
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

    private bool TryReserve(KeyGrant grant, Outlay claim, out AllowanceVerdict verdict)
    {
        verdict = default;
        var (key, workspace) = (slices[grant.KeyId], slices[grant.WorkspaceId]);
        if (!key.TryTake(grant.Limits, null, claim, out var ofKey))
        {
            return false;
        }

        if (!workspace.TryTake(grant.WorkspaceLimits, grant.Credited, claim, out var ofWorkspace))
        {
            key.End(ofKey, default);
            return false;
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
        return true;
    }

    private async ValueTask<AllowanceVerdict> AskAsync(
        KeyGrant grant,
        Outlay claim,
        CancellationToken cancellationToken
    )
    {
        var underWay = connection.IsUsable ? GiveBack(grant) : Task.CompletedTask;
        var verdict = await exact.ReserveAsync(grant, claim, cancellationToken);
        if (verdict.Refused != AllowanceKind.None && !underWay.IsCompleted)
        {
            await underWay;
        }

        if (verdict.Refused != AllowanceKind.None && TryReserve(grant, claim, out var late))
        {
            return late;
        }

        Refill(grant);
        return verdict;
    }

    /// <summary>
    /// Sent before the question to the server, and heard before it: what this node has and cannot use must not stand in
    /// its own way.
    /// </summary>
    /// <returns>Ends when what is under way is answered.</returns>
    private Task GiveBack(KeyGrant grant)
    {
        var (key, workspace) = (slices[grant.KeyId], slices[grant.WorkspaceId]);
        _ = slices.SendAsync(grant.KeyId, key.GiveBack());
        _ = slices.SendAsync(grant.WorkspaceId, workspace.GiveBack());
        return Task.WhenAll(key.UnderWay ?? Task.CompletedTask, workspace.UnderWay ?? Task.CompletedTask);
    }

    private void Refill(KeyGrant grant)
    {
        if (connection.IsUsable)
        {
            _ = slices.SendAsync(grant.KeyId, slices[grant.KeyId].Refill(grant.Limits, null));
            _ = slices.SendAsync(
                grant.WorkspaceId,
                slices[grant.WorkspaceId].Refill(grant.WorkspaceLimits, grant.Credited)
            );
        }
    }
}
