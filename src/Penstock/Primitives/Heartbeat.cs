namespace Penstock.Primitives;

/// <summary>Something that looks at the clock now and then.</summary>
internal interface IBeating
{
    /// <param name="now">The time provider's timestamp of this beat.</param>
    void Beat(long now);

    /// <summary>Where it stands in its heartbeat, whose own note this is; −1: nowhere.</summary>
    int Place { get; set; }
}

/// <summary>
/// One coarse clock for all deadlines: thousands of streams share a single timer, and arming or moving a deadline is
/// a plain write. A deadline is noticed at most one beat late.
/// </summary>
internal sealed class Heartbeat : IDisposable
{
    /// <summary>A quarter of a second: fine enough for limits of seconds, 4 passes a second over all streams.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly List<IBeating> _members = [];
    private IBeating[] _round = [];
    private int _beating;

    public Heartbeat(TimeProvider time)
    {
        _time = time;
        _timer = time.CreateTimer(static self => ((Heartbeat)self!).Beat(), this, Period, Period);
    }

    public void Add(IBeating member)
    {
        lock (_gate)
        {
            member.Place = _members.Count;
            _members.Add(member);
        }
    }

    /// <summary>After this the member may still hear one beat that had begun.</summary>
    public void Remove(IBeating member)
    {
        lock (_gate)
        {
            var place = member.Place;
            if (place < 0)
            {
                return;
            }

            // The last one takes its place.
            var last = _members[^1];
            _members.RemoveAt(_members.Count - 1);
            if (last != member)
            {
                _members[place] = last;
                last.Place = place;
            }

            member.Place = -1;
        }
    }

    /// <summary>All members of this moment.</summary>
    public IBeating[] Members()
    {
        lock (_gate)
        {
            return [.. _members];
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Beat()
    {
        // A slow round swallows the next tick instead of running beside it.
        if (Interlocked.Exchange(ref _beating, 1) == 1)
        {
            return;
        }

        try
        {
            int count;
            lock (_gate)
            {
                count = _members.Count;
                if (_round.Length < count)
                {
                    _round = new IBeating[count * 2];
                }

                _members.CopyTo(_round);
            }
            var now = _time.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                _round[i].Beat(now);
            }

            Array.Clear(_round, 0, count);
        }
        finally
        {
            Volatile.Write(ref _beating, 0);
        }
    }
}
