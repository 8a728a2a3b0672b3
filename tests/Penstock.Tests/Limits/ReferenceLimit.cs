namespace Penstock.Tests.Limits;

/// <summary>
/// The contract, slowly: remembers every granted request for ever. A request passes if no stretch of time that ends
/// with it holds more than the burst and what the rate lets through in that stretch.
/// </summary>
internal sealed class ReferenceLimit(long frequency, int requestsPerMinute, int burst, long origin)
{
    private readonly List<long> _granted = [];

    public IReadOnlyList<long> Granted => _granted;

    public bool Take(long now)
    {
        if (!Passes(now))
        {
            return false;
        }

        _granted.Add(now);
        return true;
    }

    public bool Passes(long now)
    {
        for (var first = 0; first <= _granted.Count; first++)
        {
            Int128 start = first < _granted.Count ? _granted[first] : now;
            var requests = _granted.Count - first + 1;
            if (requests * Minute > (burst * Minute) + ((now - start) * requestsPerMinute))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>With the count's granularity: a request counts in its own second and the 60 after it.</summary>
    public int Remaining(long now) =>
        Math.Max(0, requestsPerMinute - _granted.Count(time => Second(now) - Second(time) <= 60));

    private Int128 Minute => (Int128)60 * frequency;

    private long Second(long time) => (time - origin) / frequency;
}
