using System.Numerics;

namespace Penstock.Simulator.Engine;

/// <summary>
/// How late chunks were against their schedule, in powers of two of a microsecond: a simulator that cannot keep up
/// must not be mistaken for a slow gateway.
/// </summary>
internal sealed class LatenessHistogram
{
    private readonly long[] _buckets = new long[40];
    private long _max;

    public long MaxMicroseconds => Volatile.Read(ref _max);

    public long Count
    {
        get
        {
            long total = 0;
            foreach (ref var bucket in _buckets.AsSpan())
            {
                total += Volatile.Read(ref bucket);
            }

            return total;
        }
    }

    /// <summary>The buckets that hold something, by the upper end of each.</summary>
    public IEnumerable<(long UpToMicroseconds, long Count)> Buckets =>
        _buckets.Select((_, i) => (1L << i, Volatile.Read(ref _buckets[i]))).Where(b => b.Item2 > 0);

    public void Record(long units)
    {
        var microseconds = Math.Max(units / TimeSpan.TicksPerMicrosecond, 0);
        Interlocked.Increment(
            ref _buckets[Math.Min(BitOperations.Log2((ulong)microseconds | 1) + 1, _buckets.Length - 1)]
        );
        if (microseconds > Volatile.Read(ref _max))
        {
            // Two writers at once may lose the smaller maximum's update, never the bucket.
            Volatile.Write(ref _max, microseconds);
        }
    }

    /// <returns>The upper end of the bucket in which that share of all chunks lies.</returns>
    public long Percentile(double share)
    {
        var left = (long)Math.Ceiling(Count * share);
        for (var i = 0; i < _buckets.Length && left > 0; i++)
        {
            left -= Volatile.Read(ref _buckets[i]);
            if (left <= 0)
            {
                return Math.Min(1L << i, MaxMicroseconds);
            }
        }

        return 0;
    }

    public void Reset()
    {
        Array.Clear(_buckets);
        Volatile.Write(ref _max, 0);
    }
}
