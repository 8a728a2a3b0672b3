using System.Collections.Concurrent;

namespace Penstock.Routing.Explaining;

/// <summary>
/// What many traces say alike: names of workspaces and models, replicas, deployments, our own words. Kept once, and
/// known by a number from then on. Safe for all threads.
/// </summary>
internal sealed class TraceNames
{
    /// <summary>More than a registry holds; only changes of years, or of a script gone wild, come to so many.</summary>
    public const int Most = 1 << 16;

    private readonly ConcurrentDictionary<object, int> _numbers = new();
    private readonly object?[] _names = new object?[Most];
    private int _count;

    /// <summary>No further name would find room.</summary>
    public bool IsFull => Volatile.Read(ref _count) >= Most;

    /// <returns>0 for null, and for what finds no room.</returns>
    public int NumberOf(object? name)
    {
        if (name is null)
        {
            return 0;
        }

        if (_numbers.TryGetValue(name, out var number))
        {
            return number;
        }

        // Two threads may give one name two numbers: each stands for it.
        number = Interlocked.Increment(ref _count);
        if (number >= Most)
        {
            return 0;
        }

        Volatile.Write(ref _names[number], name);
        return _numbers.TryAdd(name, number) ? number : _numbers[name];
    }

    public T? NameOf<T>(int number)
        where T : class => (T?)Volatile.Read(ref _names[number]);
}
