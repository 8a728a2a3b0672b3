using System.Runtime.InteropServices;

namespace Penstock.Simulator.Answers;

/// <summary>Chance that is always the same for the same seed (SplitMix64): every answer can be had again.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct Dice(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <returns>From 0 to one less than <paramref name="sides"/>.</returns>
    public int Next(int sides) => (int)(Next() % (uint)sides);

    public bool OneIn(int sides) => Next(sides) == 0;

    /// <returns>From 0 up to 1, 1 excluded.</returns>
    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public T Pick<T>(ReadOnlySpan<T> items) => items[Next(items.Length)];

    /// <summary>FNV-1a over bytes, then mixed: stable over versions and machines, unlike a hash code.</summary>
    public static ulong Hash(ulong seed, ReadOnlySpan<byte> bytes)
    {
        var hash = 0xCBF29CE484222325 ^ seed;
        while (bytes.Length >= 8)
        {
            // Eight bytes a step: a prompt may be a megabyte.
            hash = (hash ^ BitConverter.ToUInt64(bytes)) * 0x100000001B3;
            hash ^= hash >> 29;
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            hash = (hash ^ b) * 0x100000001B3;
        }

        return Mix(hash);
    }

    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
