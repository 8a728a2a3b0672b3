using Penstock.Keys;

namespace Penstock.Limits;

/// <summary>
/// What one key or workspace has used and what it has been granted. One small lock makes each decision exact: all of a
/// claim is set aside by every limit, or none of it.
/// </summary>
internal sealed class Account
{
    private readonly Lock _gate = new();
    private TokenWindow? _minute;
    private int _running;
    private Period _day;
    private Period _month;
    private long _spent;
    private long _reservedCredit;

    /// <summary>Goes on where the ledger stands; where more is known already, nothing happens.</summary>
    public void Restore(UsedSoFar used, Moment now)
    {
        lock (_gate)
        {
            Advance(now);
            _day.Raise(used.Today);
            _month.Raise(used.ThisMonth);
            _spent = Math.Max(_spent, used.SpentEver);
        }
    }

    /// <param name="credited">What was ever paid beforehand; null: nothing has to be.</param>
    /// <param name="refusal">What refuses, when this returns false.</param>
    public bool TryHold(
        Allowance limits,
        long? credited,
        Outlay claim,
        Moment now,
        out Hold hold,
        out (AllowanceKind Kind, long Limit, int RetryAfter) refusal
    )
    {
        lock (_gate)
        {
            Advance(now);
            hold = default;
            refusal = Judge(limits, credited, claim, now, out var held);
            if (refusal.Kind != AllowanceKind.None)
            {
                return false;
            }

            _running++;
            if (limits.TokensPerMinute is not null)
            {
                _minute!.Add(now.Second, held.Minute);
            }

            _day.Reserve(held.Day);
            _month.Reserve(held.Month);
            _reservedCredit += held.Credit;
            hold = held;
            return true;
        }
    }

    /// <summary>How a token limit stands.</summary>
    public TokenStanding? Standing(Allowance limits, Moment now)
    {
        if (limits.TokensPerMinute is null)
        {
            return null;
        }

        lock (_gate)
        {
            Advance(now);
            return TokenStanding.Of(limits, _minute?.Sum ?? 0);
        }
    }

    /// <summary>Gives a hold back and counts what was used in its place.</summary>
    public void Settle(in Hold hold, Outlay used, Moment now)
    {
        lock (_gate)
        {
            Advance(now);
            _running--;
            // In the second of the grant: what was not used is free again at once.
            _minute?.Add(hold.At.Second, used.Tokens - hold.Minute);
            _day.Release(hold.At.Day, hold.Day);
            _month.Release(hold.At.Month, hold.Month);
            _reservedCredit -= hold.Credit;
            Count(used);
        }
    }

    /// <summary>Counts what was used without a hold.</summary>
    public void Use(Outlay used, Moment now)
    {
        lock (_gate)
        {
            Advance(now);
            Count(used);
        }
    }

    private void Count(Outlay used)
    {
        _day.Use(used);
        _month.Use(used);
        _spent += used.Cost;
    }

    private void Advance(Moment now)
    {
        _minute?.Advance(now.Second);
        // The calendar is only asked for the month when a day begins.
        if (_day.Advance(now.Day))
        {
            _month.Advance(now.Month);
        }
    }

    private (AllowanceKind Kind, long Limit, int RetryAfter) Judge(
        Allowance limits,
        long? credited,
        Outlay claim,
        Moment now,
        out Hold hold
    )
    {
        hold = default;
        if (limits.ConcurrentRequests is { } most && _running >= most)
        {
            return (AllowanceKind.ConcurrentRequests, most, 1);
        }

        // A request that is larger than the whole limit takes all of it: refused, it could never pass.
        var minute = Math.Min(claim.Tokens, limits.TokensPerMinute ?? 0);
        if (limits.TokensPerMinute is { } tokens)
        {
            _minute ??= new TokenWindow();
            _minute.Advance(now.Second);
            if (_minute.Sum + minute > tokens)
            {
                return (AllowanceKind.TokensPerMinute, tokens, _minute.SecondsUntil(tokens - minute));
            }
        }

        var (day, month) = (now.SecondsOfDayLeft, now.SecondsOfMonthLeft);
        if (!Fits(limits.TokensPerDay, _day.Tokens, _day.ReservedTokens, claim.Tokens, out var dayTokens))
        {
            return Over(AllowanceKind.TokensPerDay, limits.TokensPerDay!.Value, _day.Tokens, day);
        }

        if (!Fits(limits.TokensPerMonth, _month.Tokens, _month.ReservedTokens, claim.Tokens, out var monthTokens))
        {
            return Over(AllowanceKind.TokensPerMonth, limits.TokensPerMonth!.Value, _month.Tokens, month);
        }

        if (!Fits(limits.SpendPerDay, _day.Cost, _day.ReservedCost, claim.Cost, out var dayCost))
        {
            return Over(AllowanceKind.SpendPerDay, limits.SpendPerDay!.Value, _day.Cost, day);
        }

        if (!Fits(limits.SpendPerMonth, _month.Cost, _month.ReservedCost, claim.Cost, out var monthCost))
        {
            return Over(AllowanceKind.SpendPerMonth, limits.SpendPerMonth!.Value, _month.Cost, month);
        }

        if (!Fits(credited, _spent, _reservedCredit, claim.Cost, out var credit))
        {
            return (AllowanceKind.Credit, credited!.Value, 1);
        }

        hold = new Hold
        {
            At = now,
            Minute = minute,
            Day = new Outlay(dayTokens, dayCost),
            Month = new Outlay(monthTokens, monthCost),
            Credit = credit,
        };
        return default;
    }

    /// <summary>
    /// Whether a claim fits beside what is used and reserved. One that is larger than what is left takes all of it, if
    /// nobody else is at it: else a budget could never be used up.
    /// </summary>
    private static bool Fits(long? limit, long used, long reserved, long asked, out long held)
    {
        held = asked;
        if (limit is not { } most)
        {
            return true;
        }

        var left = most - used - reserved;
        if (asked > left && reserved == 0)
        {
            held = left;
        }

        return left > 0 && held <= left;
    }

    /// <summary>What is only reserved may be free again in a moment; what is used comes back with the next period.</summary>
    private static (AllowanceKind Kind, long Limit, int RetryAfter) Over(
        AllowanceKind kind,
        long limit,
        long used,
        int secondsLeft
    ) => (kind, limit, used < limit ? 1 : secondsLeft);
}
