using Penstock.Keys;
using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// Keeps the accounts where all nodes see them: one script a reservation, by the server's clock. While the server does
/// not answer, this node grants its share of what was left of each limit when it last heard of it.
/// </summary>
internal sealed class RedisAllowanceStore : IAllowanceStore
{
    private static readonly RedisScript ReserveScript = RedisAccounts.Load("reserve");

    private readonly RedisConnection _connection;
    private readonly RedisAccounts _accounts;
    private readonly RedisFleet _fleet;
    private readonly RedisMetrics _metrics;
    private readonly RedisClock _clock;
    private readonly TimeProvider _time;
    private readonly long _lease;
    private volatile LocalAllowanceStore _share;

    public RedisAllowanceStore(
        RedisConnection connection,
        RedisBreaker breaker,
        RedisAccounts accounts,
        RedisFleet fleet,
        RedisOptions options,
        RedisMetrics metrics,
        RedisClock clock,
        TimeProvider time
    )
    {
        (_connection, _accounts, _fleet) = (connection, accounts, fleet);
        (_metrics, _clock, _time) = (metrics, clock, time);
        _lease = RedisAccounts.Micros(TimeSpan.FromSeconds(options.LeaseSeconds));
        _share = new LocalAllowanceStore(time);
        // What was granted alone is told to the server as it ends; the next time begins with what is left by then.
        breaker.Closed += () => _share = new LocalAllowanceStore(time);
    }

    public async ValueTask<AllowanceVerdict> ReserveAsync(
        KeyGrant grant,
        Outlay claim,
        CancellationToken cancellationToken
    )
    {
        if (_connection.IsUsable)
        {
            var id = Guid.NewGuid();
            var began = _time.GetTimestamp();
            if (await AskAsync(grant, claim, id) is { } reply)
            {
                return Read(reply, grant, id, began);
            }

            // It may have been granted all the same.
            _accounts.End(_accounts[grant.KeyId], id, default);
            _accounts.End(_accounts[grant.WorkspaceId], id, default);
        }

        _metrics.DecideAlone();
        return await DecideAloneAsync(grant, claim, cancellationToken);
    }

    public void Settle(Reservation reservation, Outlay used)
    {
        if (!reservation.TrySettle())
        {
            return;
        }

        switch (reservation)
        {
            case RedisReservation shared:
                _accounts.End(shared, used);
                break;
            case AloneReservation alone:
                alone.SettleShare(used);
                SettleAlone(_accounts[reservation.Grant.KeyId], used);
                SettleAlone(_accounts[reservation.Grant.WorkspaceId], used);
                break;
        }
    }

    public void Use(KeyGrant grant, Outlay used)
    {
        foreach (var holder in (ReadOnlySpan<Guid>)[grant.KeyId, grant.WorkspaceId])
        {
            _accounts[holder].Use(used);
            _accounts.Tell(_accounts[holder]);
        }
    }

    public async ValueTask RestoreAsync(
        IReadOnlyDictionary<Guid, UsedSoFar> ledger,
        CancellationToken cancellationToken
    )
    {
        await _connection.OpenAsync(cancellationToken);
        await _accounts.BeginRestoringAsync();
        foreach (var chunk in ledger.Chunk(64))
        {
            await Task.WhenAll(chunk.Select(one => _accounts.RestoreAsync(one.Key, one.Value)));
        }
    }

    private void SettleAlone(RedisHolder holder, Outlay used)
    {
        holder.SettleAlone(used, _time);
        _accounts.Tell(holder);
    }

    private Task<RedisResult?> AskAsync(KeyGrant grant, Outlay claim, Guid id) =>
        _connection.DecideAsync(
            ReserveScript,
            _accounts.KeysOf(grant.KeyId, grant.WorkspaceId),
            [
                _clock.Now,
                _lease,
                id.ToString("N"),
                claim.Tokens,
                claim.Cost,
                .. Numbers(grant.Limits, null),
                .. Numbers(grant.WorkspaceLimits, grant.Credited),
            ]
        );

    /// <summary>Limits as the scripts read them.</summary>
    public static RedisValue[] Numbers(Allowance limits, long? credited) =>
        [
            Number(limits.TokensPerMinute),
            Number(limits.ConcurrentRequests),
            Number(limits.TokensPerDay),
            Number(limits.TokensPerMonth),
            Number(limits.SpendPerDay),
            Number(limits.SpendPerMonth),
            Number(credited),
        ];

    private static RedisValue Number(long? limit) => limit is { } most ? most : RedisValue.EmptyString;

    private AllowanceVerdict Read(RedisResult reply, KeyGrant grant, Guid id, long began)
    {
        const int OfKey = 6;
        const int OfWorkspace = 14;
        var refused = (AllowanceKind)(int)reply[0];
        var key = _accounts[grant.KeyId].Known = HolderStanding.Read(reply, OfKey, _time);
        var workspace = _accounts[grant.WorkspaceId].Known = HolderStanding.Read(reply, OfWorkspace, _time);
        RedisReservation? reservation = null;
        if (refused == AllowanceKind.None)
        {
            reservation = new RedisReservation(grant, id, (string)reply[4]!, (string)reply[5]!, began);
            _accounts.Begin(reservation);
        }

        return new AllowanceVerdict(
            refused,
            (int)reply[1] == 1 && refused != AllowanceKind.None,
            (long)reply[2],
            (int)reply[3],
            TokenStanding.Tighter(
                TokenStanding.Of(grant.Limits, key.Minute),
                TokenStanding.Of(grant.WorkspaceLimits, workspace.Minute)
            ),
            reservation
        );
    }

    private async ValueTask<AllowanceVerdict> DecideAloneAsync(
        KeyGrant grant,
        Outlay claim,
        CancellationToken cancellationToken
    )
    {
        var (share, nodes, now) = (_share, _fleet.Nodes, new Moment(0, _time.GetUtcNow()));
        var (key, workspace) = (_accounts[grant.KeyId], _accounts[grant.WorkspaceId]);
        var verdict = await share.ReserveAsync(
            grant with
            {
                Limits = HolderStanding.ShareOf(grant.Limits, key.Known, nodes, key.Running, now, _time),
                WorkspaceLimits = HolderStanding.ShareOf(
                    grant.WorkspaceLimits,
                    workspace.Known,
                    nodes,
                    workspace.Running,
                    now,
                    _time
                ),
                Credited = HolderStanding.Share(grant.Credited, workspace.Known?.Spent ?? 0, nodes),
            },
            claim,
            cancellationToken
        );
        return verdict with
        {
            Reservation = verdict.Reservation is { } reserved ? new AloneReservation(grant, share, reserved) : null,
        };
    }
}
