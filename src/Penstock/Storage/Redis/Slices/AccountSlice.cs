using Penstock.Keys;
using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// Tokens and money of one account that the server has set aside for this node ahead of need. All that was granted out of
/// it and has not ended, or is not told, stays set aside there: a message says how much that is, and what was used.
/// </summary>
internal sealed class AccountSlice
{
    /// <summary>After so long, nothing of a minute counts any more.</summary>
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(61);

    private readonly Lock _gate = new();
    private readonly SliceTerms _terms;
    private readonly Func<string> _epoch;
    private readonly Func<long> _number;
    private readonly string _name = Guid.NewGuid().ToString("N");
    private readonly List<ClaimGroup> _told = [];
    private ClaimGroup _group = new();
    private AccountBatch? _unanswered;
    private AccountOrder? _order;
    private bool _retired;
    private Allowance? _limits;
    private long? _credited;
    private Outlay _left;
    private Outlay _size;
    private Outlay _running;
    private int _requestsRunning;
    private Outlay _used;
    private string _usedIn = "";
    private Outlay _least;
    private RecentUse _requests;
    private RecentUse _tokens;
    private RecentUse _cost;
    private long _askedAt;
    private long _sentAt;
    private long _restsUntil;
    private long _minute;

    /// <param name="epoch">By which the server's sums are known.</param>
    /// <param name="number">Of the next batch: higher than all before, of an earlier slice of this account too.</param>
    public AccountSlice(SliceTerms terms, Func<string> epoch, Func<long> number)
    {
        (_terms, _epoch, _number) = (terms, epoch, number);
        _requests = _tokens = _cost = new RecentUse(terms.Ticks);
        _askedAt = _sentAt = _restsUntil = terms.Now;
    }

    /// <summary>The message under way; null: there is none.</summary>
    public Task? UnderWay
    {
        get
        {
            lock (_gate)
            {
                return _order?.Done;
            }
        }
    }

    /// <summary>Sets aside what a request may come to, if there is so much left. An account without limits needs nothing.</summary>
    /// <param name="credited">What was ever paid beforehand; null: nothing has to be.</param>
    public bool TryTake(Allowance limits, long? credited, Outlay claim, out SliceClaim taken)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var (tokens, cost) = (CountsTokens(limits), CountsCost(limits, credited));
            var asked = new Outlay(tokens ? claim.Tokens : 0, cost ? claim.Cost : 0);
            Remember(asked, now);
            var fits =
                (!tokens || (_left.Tokens > 0 && _left.Tokens >= asked.Tokens))
                && (!cost || (_left.Cost > 0 && _left.Cost >= asked.Cost));
            if (_retired || ((tokens || cost) && !(fits && IsLive(limits, credited, now))))
            {
                taken = default;
                return false;
            }

            _left = _left - asked;
            _running = _running + asked;
            _group.Tokens += asked.Tokens;
            _group.Running++;
            _requestsRunning++;
            taken = new SliceClaim(this, asked, _group);
            return true;
        }
    }

    /// <summary>The request has ended, or was refused elsewhere: what it used takes the place of what was set aside.</summary>
    public void End(in SliceClaim claim, Outlay used)
    {
        lock (_gate)
        {
            _running = _running - claim.Asked;
            if (_used == default)
            {
                _usedIn = _epoch();
            }

            _used = _used + used;
            claim.Group.Running--;
            _requestsRunning--;
            var difference = used - claim.Asked;
            if (claim.Group != _group)
            {
                // Free again with the next message, by the server.
                claim.Group.Amends += difference.Tokens;
                return;
            }

            _group.Tokens += difference.Tokens;
            _left = _limits is { } limits
                ? new Outlay(
                    CountsTokens(limits) ? _left.Tokens - difference.Tokens : 0,
                    CountsCost(limits, _credited) ? _left.Cost - difference.Cost : 0
                )
                : default;
        }
    }

    /// <summary>How a token limit stands, as far as is known here.</summary>
    public TokenStanding? Standing(Allowance limits)
    {
        lock (_gate)
        {
            return TokenStanding.Of(limits, _minute - Math.Max(0, _left.Tokens));
        }
    }

    /// <summary>The next message, if one is due: before the slice is empty or its time is over, or to begin one.</summary>
    public AccountOrder? Refill(Allowance limits, long? credited)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var isLive = IsLive(limits, credited, now);
            var runsOut =
                !isLive
                || (CountsTokens(limits) && _left.Tokens <= _size.Tokens / 2)
                || (CountsCost(limits, credited) && _left.Cost <= _size.Cost / 2)
                || now - _sentAt >= _terms.HalfTicks;
            var isWanted =
                (CountsTokens(limits) || CountsCost(limits, credited))
                && _requests.At(now) >= SliceTerms.LeastUse
                && now >= _restsUntil;
            return _order is null && runsOut && isWanted && !_retired
                ? Begin(limits, credited, now, isLive, new Outlay(_tokens.At(now), _cost.At(now)))
                : null;
        }
    }

    /// <summary>A message that gives back what is left, so that the server decides with nothing set aside in vain.</summary>
    public AccountOrder? GiveBack()
    {
        lock (_gate)
        {
            return _order is null && HasSomething ? BeginGivingBack(_terms.Now) : null;
        }
    }

    /// <summary>The same, if the account has fallen silent; and what keeps the lease while requests run.</summary>
    public AccountOrder? GiveBackIfDue()
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var isDue = now - _askedAt >= _terms.HalfTicks || now - _sentAt >= _terms.HalfTicks * 3 / 2;
            var isKept = _running != default && now - _sentAt >= _terms.RenewTicks;
            return _order is null && ((isDue && HasSomething) || isKept) ? BeginGivingBack(now) : null;
        }
    }

    public void Accept(AccountOrder order, AccountReply reply)
    {
        lock (_gate)
        {
            _left = _left + reply.More;
            (_size, _limits, _credited, _sentAt) = (_left, order.Limits, order.Credited, order.SentAt);
            _minute = reply.Standing.Minute;
            order.Batch.Begun.Second = reply.IsNew ? reply.Second : null;
            (_order, _unanswered) = (null, null);
            if (order.Wanted != default && !(order.Left + reply.More).Holds(_least))
            {
                // Too little is free to be divided: for a while each request asks.
                _restsUntil = _terms.Now + _terms.HalfTicks;
            }
        }

        order.Finish();
    }

    /// <summary>Nobody knows whether the server has heard it: the batch is told again.</summary>
    public void Lose(AccountOrder order)
    {
        lock (_gate)
        {
            (_order, _unanswered) = (null, order.Batch);
        }

        order.Finish();
    }

    /// <summary>Ends a slice with which nothing is left to be done: who still has it asks the server.</summary>
    public bool TryRetire()
    {
        lock (_gate)
        {
            _retired |=
                _order is null && !HasSomething && _requestsRunning == 0 && _terms.Now - _askedAt >= 2 * _terms.Ticks;
            return _retired;
        }
    }

    private bool HasSomething =>
        Math.Max(_left.Tokens, _left.Cost) > 0
        || _used != default
        || _unanswered is not null
        || _group.Tokens != 0
        || _told.Exists(group => group is { Amends: not 0, Second: not null });

    private AccountOrder BeginGivingBack(long now) =>
        Begin(_limits ?? Allowance.Unlimited, _credited, now, keeps: false, default);

    private AccountOrder Begin(Allowance limits, long? credited, long now, bool keeps, Outlay wanted)
    {
        _left = keeps ? new Outlay(Math.Max(0, _left.Tokens), Math.Max(0, _left.Cost)) : default;
        var batch = _unanswered ?? Gather(now);
        _order = new AccountOrder(
            _name,
            batch,
            limits,
            credited,
            _running + _used + _left,
            _left,
            _group.Tokens,
            wanted,
            wanted == default ? default : _least,
            now
        );
        return _order;
    }

    private AccountBatch Gather(long now)
    {
        var amends = new List<(long Second, long Tokens)>();
        foreach (var group in _told)
        {
            if (group is { Second: { } second, Amends: not 0 })
            {
                amends.Add((second, group.Amends));
                group.Amends = 0;
            }
        }

        _told.RemoveAll(group =>
            group.Running == 0 && group.Amends == 0 || _terms.Time.GetElapsedTime(group.ToldAt, now) > Minute
        );
        var batch = new AccountBatch(_number(), _used, _group, _usedIn, amends);
        _group.ToldAt = now;
        _told.Add(_group);
        (_group, _used) = (new ClaimGroup(), default);
        return batch;
    }

    private void Remember(Outlay asked, long now)
    {
        _requests.Add(1, now);
        _tokens.Add(asked.Tokens, now);
        _cost.Add(asked.Cost, now);
        (_least, _askedAt) = (asked, now);
    }

    /// <summary>By the time of sending: the server began to count no earlier.</summary>
    private bool IsLive(Allowance limits, long? credited, long now) =>
        limits == _limits && credited == _credited && now - _sentAt < _terms.Ticks;

    private static bool CountsTokens(Allowance limits) =>
        limits.TokensPerMinute is not null || limits.TokensPerDay is not null || limits.TokensPerMonth is not null;

    private static bool CountsCost(Allowance limits, long? credited) =>
        limits.SpendPerDay is not null || limits.SpendPerMonth is not null || credited is not null;
}
