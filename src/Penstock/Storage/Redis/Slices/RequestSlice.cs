using Penstock.Limits;

namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// Requests of one key that the server has granted to this node ahead of need. It is told of what was used with the next
/// message, of which one is under way at a time; a slice whose message found no answer is used up to its end and never
/// mentioned again, so that nothing is told twice.
/// </summary>
internal sealed class RequestSlice
{
    private readonly Lock _gate = new();
    private readonly SliceTerms _terms;
    private string _name = NewName();
    private Limit _limit;
    private RequestOrder? _order;
    private RecentUse _asked;
    private bool _unmentioned;
    private int _left;
    private int _size;
    private int _used;
    private int _told;
    private long _usedAt;
    private long _sentAt;
    private long _number;
    private RequestReply _known;
    private RequestOrder _knownBy;

    public RequestSlice(SliceTerms terms)
    {
        _terms = terms;
        _asked = new RecentUse(terms.Ticks);
        _usedAt = _sentAt = terms.Now;
        _knownBy = new RequestOrder(0, _name, default, 0, 0, Keeps: false, 0, _sentAt);
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

    /// <summary>Granted and not told.</summary>
    public int Unheard
    {
        get
        {
            lock (_gate)
            {
                return _used;
            }
        }
    }

    /// <summary>Decides here, if there is anything left.</summary>
    /// <param name="runsOut">The slice should be filled before it is empty, or renewed before its time is over.</param>
    public bool TryTake(in Limit limit, out LimitDecision decision, out bool runsOut)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            _asked.Add(1, now);
            runsOut = false;
            if (!IsLive(limit, now))
            {
                decision = default;
                return false;
            }

            _left--;
            _used++;
            _usedAt = now;
            _known = _known with { Reset = SecondAt(now) + RequestWindow.Seconds + 1 };
            decision = Standing(limit);
            runsOut = _order is null && !_unmentioned && (_left <= _size / 2 || now - _sentAt >= _terms.HalfTicks);
            return true;
        }
    }

    /// <summary>How the key stands, as far as is known here; nothing counts.</summary>
    public bool TryPeek(in Limit limit, out LimitDecision decision)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var isLive = IsLive(limit, now);
            decision =
                !isLive ? default
                : _known.Counted + _told + _used > 0 ? Standing(limit)
                : Standing(limit) with { ResetUnixSeconds = SecondAt(now) };
            return isLive;
        }
    }

    /// <summary>The next message, if none is under way.</summary>
    public RequestOrder? Order(in Limit limit)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var asked = _asked.At(now);
            var wanted = asked < SliceTerms.LeastUse ? 0 : asked;
            return _order is null ? Begin(limit, now, IsCurrent(limit, now) && !_unmentioned, wanted) : null;
        }
    }

    /// <summary>A message that gives all back, if the key has fallen silent or the time is nearly over.</summary>
    public RequestOrder? GiveBack(bool atOnce)
    {
        lock (_gate)
        {
            var now = _terms.Now;
            var isDue = atOnce || now - _usedAt >= _terms.HalfTicks || now - _sentAt >= _terms.HalfTicks * 3 / 2;
            return isDue && _order is null && !_unmentioned && _left + _used > 0 && now - _sentAt < _terms.Ticks
                ? Begin(_limit, now, keeps: false, wanted: 0)
                : null;
        }
    }

    /// <summary>A message that asks for one request beside the one that is under way.</summary>
    public RequestOrder Aside(in Limit limit)
    {
        lock (_gate)
        {
            return new RequestOrder(++_number, _name, limit, 0, 0, Keeps: true, 0, _terms.Now);
        }
    }

    public void Hear(RequestOrder aside, in RequestReply reply)
    {
        lock (_gate)
        {
            Learn(aside, reply);
        }
    }

    public void Accept(RequestOrder order, in RequestReply reply)
    {
        lock (_gate)
        {
            // What was used meanwhile was of the slice as it is now: it is told with the next message.
            _left = Math.Max(0, reply.Own - _used);
            (_size, _limit, _sentAt) = (_left, order.Limit, order.SentAt);
            _order = null;
            Learn(order, reply);
        }

        order.Finish();
    }

    /// <summary>Nobody knows whether the server has heard it: by its reckoning all of the slice will have been used.</summary>
    public void Lose(RequestOrder order)
    {
        lock (_gate)
        {
            _unmentioned = true;
            _order = null;
        }

        order.Finish();
    }

    /// <summary>Nothing here bears on any decision.</summary>
    public bool IsIdle()
    {
        lock (_gate)
        {
            var now = _terms.Now;
            return _order is null
                && now - _sentAt >= _terms.Ticks
                && now - _usedAt >= _terms.Ticks
                && _asked.At(now) == 0;
        }
    }

    private RequestOrder Begin(in Limit limit, long now, bool keeps, long wanted)
    {
        if (_unmentioned)
        {
            (_name, _used, _unmentioned) = (NewName(), 0, false);
        }

        _left = keeps ? _left : 0;
        _order = new RequestOrder(++_number, _name, limit, _used, _terms.Micros(now - _usedAt), keeps, wanted, now);
        (_told, _used) = (_told + _used, 0);
        return _order;
    }

    /// <summary>The server hears messages in the order of their numbers; their answers may be seen in another.</summary>
    private void Learn(RequestOrder order, in RequestReply reply)
    {
        if (order.Number < _knownBy.Number)
        {
            return;
        }

        (_known, _knownBy) = (reply, order);
        if (_order is null || _order.Number < order.Number)
        {
            _told = 0;
        }
    }

    private bool IsLive(in Limit limit, long now) => _left > 0 && IsCurrent(limit, now);

    /// <summary>By the time of sending: the server began to count no earlier.</summary>
    private bool IsCurrent(in Limit limit, long now) => limit == _limit && now - _sentAt < _terms.Ticks;

    private LimitDecision Standing(in Limit limit) =>
        (_known with { Granted = true, RetryAfterSeconds = 0 }).ToDecision(limit, _told + _used);

    private long SecondAt(long now) => (_known.Now + _terms.Micros(now - _knownBy.SentAt)) / 1_000_000;

    private static string NewName() => Guid.NewGuid().ToString("N");
}
