using System.Runtime.InteropServices;

namespace Penstock.Storage.Redis.Slices;

/// <summary>
/// How much was asked for lately: of the period under way, or of the whole one before it, whichever is more. Not
/// thread-safe.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct RecentUse(long period)
{
    private long _number;
    private long _now;
    private long _before;

    /// <param name="at">Timestamp.</param>
    public void Add(long amount, long at)
    {
        Advance(at);
        _now += amount;
    }

    public long At(long at)
    {
        Advance(at);
        return Math.Max(_now, _before);
    }

    private void Advance(long at)
    {
        var number = at / period;
        if (number > _number)
        {
            (_before, _now, _number) = (number == _number + 1 ? _now : 0, 0, number);
        }
    }
}
