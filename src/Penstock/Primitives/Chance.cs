namespace Penstock.Primitives;

/// <summary>The one source of chance, thread-safe; tests seed it.</summary>
internal sealed class Chance
{
#pragma warning disable RS0030 // Everybody else takes this class.
    private readonly Random? _seeded;
    private readonly Lock _gate = new();

    public Chance() { }

    public Chance(int seed) => _seeded = new Random(seed);

    /// <summary>At least 0 and below 1.</summary>
    public double NextDouble()
    {
        if (_seeded is null)
        {
            return Random.Shared.NextDouble();
        }

        lock (_gate)
        {
            return _seeded.NextDouble();
        }
    }
#pragma warning restore RS0030
}
