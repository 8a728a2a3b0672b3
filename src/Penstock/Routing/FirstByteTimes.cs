namespace Penstock.Routing;

/// <summary>
/// How long the first bytes of a deployment's answers took of late, to tell which one is late. The memory is constant,
/// and taken with the first time that is told. Safe for all threads.
/// </summary>
internal sealed class FirstByteTimes
{
    /// <summary>Times that are kept: of a busy deployment some minutes, and 25 of them are beyond the mark.</summary>
    private const int Kept = 512;

    /// <summary>The mark is found anew after so many: it moves slowly, and sorting costs.</summary>
    private const int Between = 16;

    /// <summary>One in twenty is late.</summary>
    private const double Share = 0.95;

    private readonly Lock _gate = new();
    private TimeSpan[]? _times;
    private TimeSpan[]? _sorted;
    private long _seen;
    private TimeSpan _mark;

    public void Add(TimeSpan time)
    {
        lock (_gate)
        {
            _times ??= new TimeSpan[Kept];
            _times[_seen++ % Kept] = time;
            if (_seen % Between == 0)
            {
                _mark = Find();
            }
        }
    }

    /// <summary>What nineteen in twenty stay below.</summary>
    /// <param name="least">Times that must have been seen.</param>
    /// <returns>Null: too few have been seen to say.</returns>
    public TimeSpan? Late(int least)
    {
        lock (_gate)
        {
            return _seen >= Math.Max(least, Between) ? _mark : null;
        }
    }

    private TimeSpan Find()
    {
        var count = (int)Math.Min(_seen, Kept);
        _sorted ??= new TimeSpan[Kept];
        _times.AsSpan(0, count).CopyTo(_sorted);
        _sorted.AsSpan(0, count).Sort();
        return _sorted[(int)(count * Share)];
    }
}
