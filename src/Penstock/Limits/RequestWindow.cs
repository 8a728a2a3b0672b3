using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Penstock.Limits;

/// <summary>
/// Counts the requests of the last 60 seconds in counters of one second. The second that is 60 seconds old counts
/// whole, so a request is never forgotten early and at most one second late. Not thread-safe.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RequestWindow
{
    /// <summary>For how many whole seconds after its own a request counts.</summary>
    public const int Seconds = 60;

    private Counters _counters;
    private long _second;

    /// <summary>Requests that count as of the last call of <see cref="Advance"/>.</summary>
    public int Count { get; private set; }

    /// <summary>The last second in which a request was counted; meaningful only while something counts.</summary>
    public long LastSecond { get; private set; }

    /// <summary>What <see cref="Count"/> will be at a later second if nothing is added.</summary>
    public readonly int CountAt(long now)
    {
        var copy = this;
        copy.Advance(now);
        return copy.Count;
    }

    /// <summary>Forgets what is too old at this second; a second in the past changes nothing.</summary>
    public void Advance(long now)
    {
        if (now - _second > Seconds)
        {
            _counters = default;
            Count = 0;
            _second = now;
        }

        while (_second < now)
        {
            _second++;
            ref var oldest = ref _counters[(int)(_second % (Seconds + 1))];
            Count -= oldest;
            oldest = 0;
        }
    }

    /// <summary>Counts requests in the second last advanced to.</summary>
    public void Add(int requests = 1)
    {
        _counters[(int)(_second % (Seconds + 1))] += requests;
        Count += requests;
        LastSecond = _second;
    }

    [InlineArray(Seconds + 1)]
    private struct Counters
    {
        private int _first;
    }
}
