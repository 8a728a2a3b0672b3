namespace Penstock.Limits;

/// <summary>
/// Tokens granted in the last 60 seconds, in counters of one second. The second that is 60 seconds old counts whole, so
/// that no grant is forgotten early. Not thread-safe.
/// </summary>
internal sealed class TokenWindow
{
    private const int Seconds = 60;

    private readonly long[] _counters = new long[Seconds + 1];
    private long _second;

    public long Sum { get; private set; }

    public void Advance(long second)
    {
        for (; _second < second && Sum != 0; _second++)
        {
            ref var oldest = ref At(_second + 1);
            Sum -= oldest;
            oldest = 0;
        }

        _second = Math.Max(_second, second);
    }

    /// <summary>Counts tokens, or takes some back, in a second that still counts; one that does not changes nothing.</summary>
    public void Add(long second, long tokens)
    {
        if (second > _second - Seconds - 1)
        {
            At(second) += tokens;
            Sum += tokens;
        }
    }

    /// <summary>Whole seconds until the sum is at most so much.</summary>
    public int SecondsUntil(long most)
    {
        var left = Sum;
        var wait = 0;
        while (left > most && wait <= Seconds)
        {
            wait++;
            left -= At(_second + wait);
        }

        return Math.Max(1, wait);
    }

    private ref long At(long second) => ref _counters[second % (Seconds + 1)];
}
