using System.Collections.Concurrent;
using System.Runtime.CompilerServices;

namespace Penstock.Routing.Explaining;

/// <summary>
/// What many traces say alike: names of workspaces and models, replicas, deployments, our own words. Kept once, and
/// known by a number from then on. Safe for all threads.
/// </summary>
internal sealed class TraceNames
{
    /// <summary>More than a registry holds; only changes of years, or of a script gone wild, come to so many.</summary>
    public const int Most = 1 << 16;

    /// <summary>A power of two, far above the names of a busy minute: two that share a slot are looked up.</summary>
    private const int Slots = 1 << 10;

    private readonly ConcurrentDictionary<object, Numbered> _numbers = new();
    private readonly object?[] _names = new object?[Most];

    /// <summary>Requests bring the same objects again and again: found by where they are, without a hash of their text.</summary>
    private readonly Numbered?[] _recent = new Numbered?[Slots];

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

        ref var recent = ref _recent[RuntimeHelpers.GetHashCode(name) & (Slots - 1)];
        if (recent is { } known && (known.Name == name || known.Name.Equals(name)))
        {
            return known.Number;
        }

        return (recent = Find(name))?.Number ?? 0;
    }

    public T? NameOf<T>(int number)
        where T : class => (T?)Volatile.Read(ref _names[number]);

    private Numbered? Find(object name)
    {
        if (_numbers.TryGetValue(name, out var known))
        {
            return known;
        }

        // Two threads may give one name two numbers: each stands for it.
        var number = Interlocked.Increment(ref _count);
        if (number >= Most)
        {
            return null;
        }

        Volatile.Write(ref _names[number], name);
        return _numbers.GetOrAdd(name, new Numbered(name, number));
    }

    private sealed record Numbered(object Name, int Number);
}
