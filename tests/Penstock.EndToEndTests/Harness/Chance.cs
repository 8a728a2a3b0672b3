namespace Penstock.EndToEndTests.Harness;

/// <summary>Seeded chance (splitmix64), so that a failing run can be repeated anywhere.</summary>
internal sealed class Chance(int seed)
{
    private ulong _state = (ulong)seed;

    /// <summary>From 0 up to, not including, the bound.</summary>
    public int Next(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return (int)((mixed ^ (mixed >> 31)) % (ulong)bound);
    }
}
