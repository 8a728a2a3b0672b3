using System.Collections.Concurrent;
using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>
/// Keeps the accounts in this process: exact for one node. An account is some 200 bytes, 500 more with a token limit a
/// minute; it stays as long as the process, so that a limit that is set later knows what was used before.
/// </summary>
internal sealed class LocalAllowanceStore(TimeProvider time) : IAllowanceStore
{
    private readonly ConcurrentDictionary<Guid, Account> _accounts = new();
    private readonly long _origin = time.GetTimestamp();

    private Moment Now => new((time.GetTimestamp() - _origin) / time.TimestampFrequency, time.GetUtcNow());

    public ValueTask<AllowanceVerdict> ReserveAsync(
        KeyGrant grant,
        Outlay claim,
        CancellationToken cancellationToken
    ) => new(Reserve(grant, claim));

    public void Settle(Reservation reservation, Outlay used)
    {
        if (reservation is not LocalReservation local || !reservation.TrySettle())
        {
            return;
        }

        var now = Now;
        AccountOf(reservation.Grant.KeyId).Settle(local.OfKey, used, now);
        AccountOf(reservation.Grant.WorkspaceId).Settle(local.OfWorkspace, used, now);
    }

    public void Use(KeyGrant grant, Outlay used)
    {
        var now = Now;
        AccountOf(grant.KeyId).Use(used, now);
        AccountOf(grant.WorkspaceId).Use(used, now);
    }

    public ValueTask RestoreAsync(IReadOnlyDictionary<Guid, UsedSoFar> ledger, CancellationToken cancellationToken)
    {
        foreach (var (holder, used) in ledger)
        {
            AccountOf(holder).Restore(used, Now);
        }

        return ValueTask.CompletedTask;
    }

    private AllowanceVerdict Reserve(KeyGrant grant, Outlay claim)
    {
        var now = Now;
        var key = AccountOf(grant.KeyId);
        var workspace = AccountOf(grant.WorkspaceId);
        if (!key.TryHold(grant.Limits, null, claim, now, out var ofKey, out var refusal))
        {
            return Verdict(refusal, ofWorkspace: false, null);
        }

        if (!workspace.TryHold(grant.WorkspaceLimits, grant.Credited, claim, now, out var ofWorkspace, out refusal))
        {
            key.Settle(ofKey, default, now);
            return Verdict(refusal, ofWorkspace: true, null);
        }

        return Verdict(default, ofWorkspace: false, new LocalReservation(grant, ofKey, ofWorkspace));

        AllowanceVerdict Verdict(
            (AllowanceKind Kind, long Limit, int RetryAfter) refused,
            bool ofWorkspace,
            Reservation? reservation
        ) =>
            new(
                refused.Kind,
                ofWorkspace,
                refused.Limit,
                refused.RetryAfter,
                TokenStanding.Tighter(key.Standing(grant.Limits, now), workspace.Standing(grant.WorkspaceLimits, now)),
                reservation
            );
    }

    private Account AccountOf(Guid holder) => _accounts.GetOrAdd(holder, static _ => new Account());
}
