using System.Collections.Concurrent;
using Penstock.Limits;
using StackExchange.Redis;

namespace Penstock.Storage.Redis;

/// <summary>
/// The accounts in the shared server, as this node has to do with them: their keys, what it has running there, and what
/// it has to tell.
/// </summary>
/// <remarks>
/// One request touches the accounts of a key and of its workspace together, so that all of them share a hash tag: on a
/// cluster they live on one of its shards. The limits of requests a minute have a tag a key and are spread.
/// </remarks>
internal sealed class RedisAccounts(RedisConnection connection, RedisFleet fleet, RedisClock clock, TimeProvider time)
{
    /// <summary>A batch is sent again until it is answered; a number that old is asked for no more.</summary>
    public static readonly TimeSpan NumbersLive = TimeSpan.FromDays(1);

    /// <summary>As long as an account that nobody uses.</summary>
    private static readonly TimeSpan EpochsLive = TimeSpan.FromDays(400);

    private static readonly RedisScript SettleScript = Load("settle");
    private static readonly RedisScript RenewScript = Load("renew");
    private static readonly RedisScript RestoreScript = Load("restore");

    private static readonly RedisScript EpochScript = new(
        "redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) return redis.call('GET', KEYS[1])"
    );

    private static readonly RedisScript FindScript = new("return redis.call('EXISTS', KEYS[1])");

    private readonly ConcurrentDictionary<Guid, RedisHolder> _holders = new();
    private readonly ConcurrentDictionary<Guid, RedisReservation> _running = new();
    private readonly RedisEpoch _epoch = new();
    private long _number;

    /// <summary>
    /// The server has lost its sums, and may have been given those of the ledger since: what this node had to tell from
    /// before was not added to these, and the ledger has to be asked.
    /// </summary>
    public event Action? Outdated;

    /// <summary>By which the server's sums are known here.</summary>
    public string KnownEpoch => _epoch.Known;

    public RedisHolder this[Guid holder] =>
        _holders.GetOrAdd(holder, static (id, epoch) => new RedisHolder(id, epoch), _epoch);

    /// <summary>A script on accounts.</summary>
    public static RedisScript Load(string name) => RedisScript.Load("clock", "window", "calendar", "account", name);

    public RedisKey[] KeysOf(params ReadOnlySpan<Guid> holders)
    {
        var keys = new RedisKey[holders.Length * 3];
        for (var index = 0; index < holders.Length; index++)
        {
            var account = Name(holders[index]);
            keys[index * 3] = account;
            keys[(index * 3) + 1] = $"{account}:leases";
            keys[(index * 3) + 2] = $"{account}:holds";
        }

        return keys;
    }

    public void Begin(RedisReservation reservation)
    {
        _running[reservation.Id] = reservation;
        this[reservation.Grant.KeyId].Begin();
        this[reservation.Grant.WorkspaceId].Begin();
    }

    public void End(RedisReservation reservation, Outlay used)
    {
        _running.TryRemove(reservation.Id, out _);
        this[reservation.Grant.KeyId].End();
        this[reservation.Grant.WorkspaceId].End();
        End(this[reservation.Grant.KeyId], reservation.Id, used);
        End(this[reservation.Grant.WorkspaceId], reservation.Id, used);
    }

    /// <summary>Gives a lease back that the server may have granted without our hearing of it.</summary>
    public void End(RedisHolder holder, Guid lease, Outlay used)
    {
        holder.Settle(lease, used);
        Tell(holder);
    }

    /// <summary>Sends what has ended, behind the request. What finds no answer is sent again by the upkeep.</summary>
    public void Tell(RedisHolder holder)
    {
        if (connection.IsUsable && holder.TryBeginSending())
        {
            holder.Sending = SendAsync(holder);
        }
    }

    /// <summary>Sends all that has ended and is not told yet, and waits for what is being sent.</summary>
    public async Task TellAllAsync()
    {
        foreach (var chunk in _holders.Values.Where(holder => !holder.IsTold).Chunk(64))
        {
            Array.ForEach(chunk, Tell);
            await Task.WhenAll(chunk.Select(holder => holder.Sending));
        }
    }

    /// <summary>Renews the leases of the requests that still run here and began before a moment.</summary>
    /// <param name="before">Timestamp: most requests end before anything has to be renewed.</param>
    public async Task RenewAsync(long before, TimeSpan lease)
    {
        var holds =
            from reservation in _running.Values
            where reservation.Began <= before
            from hold in new[]
            {
                (Holder: reservation.Grant.KeyId, reservation.Id, Text: reservation.HoldOfKey),
                (Holder: reservation.Grant.WorkspaceId, reservation.Id, Text: reservation.HoldOfWorkspace),
            }
            group hold by hold.Holder;
        foreach (var holder in holds)
        {
            foreach (var chunk in holder.Chunk(500))
            {
                RedisValue[] values =
                [
                    clock.Now,
                    Micros(lease),
                    .. chunk.SelectMany(hold => new RedisValue[] { hold.Id.ToString("N"), hold.Text }),
                ];
                await connection.RunAsync(RenewScript, KeysOf(holder.Key), values);
            }
        }
    }

    /// <summary>Lets the server know what the ledger knows; where it knows more, nothing happens.</summary>
    public Task RestoreAsync(Guid holder, UsedSoFar used)
    {
        var now = new Moment(0, time.GetUtcNow());
        this[holder].Known ??= new HolderStanding(0, 0, now.Day, used.Today, now.Month, used.ThisMonth, used.SpentEver);
        return connection.RunAsync(
            RestoreScript,
            KeysOf(holder),
            [
                clock.Now,
                now.Day,
                used.Today.Tokens,
                used.Today.Cost,
                now.Month,
                used.ThisMonth.Tokens,
                used.ThisMonth.Cost,
                used.SpentEver,
            ]
        );
    }

    /// <summary>
    /// Says that the server is given what the ledger knows, before that is done: what others have to tell from earlier on
    /// must not be added to it.
    /// </summary>
    public async Task BeginRestoringAsync()
    {
        RedisValue[] values = [$"{Guid.NewGuid():N}", (long)EpochsLive.TotalMilliseconds];
        if (await connection.RunAsync(EpochScript, [Epoch], values) is { } epoch)
        {
            _epoch.Begin((string)epoch!);
        }
    }

    /// <summary>Whether the server has come back without what it knew.</summary>
    public async Task<bool> HasForgottenAsync() =>
        await connection.RunAsync(FindScript, [Epoch], []) is { } found && (int)found == 0;

    /// <summary>The server says by which word it knows its sums.</summary>
    public void HearEpoch(string word)
    {
        if (_epoch.Hear(word))
        {
            Outdated?.Invoke();
        }
    }

    /// <summary>The keys of an account whose sums change, with a number up to which a node was heard.</summary>
    /// <param name="numbers">Of what: a node's batches, or the messages of its slice.</param>
    public RedisKey[] KeysOfChange(Guid holder, string numbers) =>
        [.. KeysOf(holder), $"{Name(holder)}:{numbers}:{fleet.Node}", Epoch];

    private RedisKey Epoch => $"{{{connection.Prefix}:account}}:epoch";

    public static long Micros(TimeSpan span) => (long)span.TotalMicroseconds;

    private async Task SendAsync(RedisHolder holder)
    {
        while (holder.Next(() => Interlocked.Increment(ref _number), time) is { } batch)
        {
            RedisValue[] values =
            [
                clock.Now,
                batch.Number,
                (long)NumbersLive.TotalMilliseconds,
                batch.Tokens,
                batch.Cost,
                batch.Alone,
                batch.Epoch,
                .. batch.Ended.SelectMany(one => new RedisValue[] { one.Lease.ToString("N"), one.Tokens }),
            ];
            if (await connection.RunAsync(SettleScript, KeysOfChange(holder.Id, "told"), values) is not { } answer)
            {
                holder.StopSending();
                return;
            }

            holder.Answered();
            HearEpoch((string)answer!);
        }
    }

    private string Name(Guid holder) => $"{{{connection.Prefix}:account}}:{holder:N}";
}
