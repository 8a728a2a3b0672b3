using System.Buffers.Binary;
using System.Text;

namespace Penstock.Primitives;

/// <summary>
/// A fast 64-bit hash that every process computes alike, today and after a restart. Not for secrets, and not against
/// an adversary: who finds a collision only shares a place with somebody.
/// </summary>
internal static class StableHash
{
    // Odd numbers without a pattern: the fractions of the golden ratio and of the square roots of 2 and 3.
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const ulong RootTwo = 0x6A09E667F3BCC909;
    private const ulong RootThree = 0xBB67AE8584CAA73B;

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Mix(Golden, (ulong)bytes.Length);
        while (bytes.Length >= 16)
        {
            var a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            var b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
            hash = Fold(a ^ RootTwo, b ^ hash);
            bytes = bytes[16..];
        }

        Span<byte> rest = stackalloc byte[16];
        bytes.CopyTo(rest);
        return Fold(
            BinaryPrimitives.ReadUInt64LittleEndian(rest) ^ RootThree,
            BinaryPrimitives.ReadUInt64LittleEndian(rest[8..]) ^ hash
        );
    }

    public static ulong Of(string text) => Of(Encoding.UTF8.GetBytes(text));

    public static ulong Of(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return Of(bytes);
    }

    /// <summary>One hash of two, in which the order counts.</summary>
    public static ulong Mix(ulong first, ulong second) => Fold(first ^ RootTwo, (second + Golden) * RootThree | 1);

    /// <summary>The same hash as a number above 0 and below 1.</summary>
    public static double ToUnit(ulong hash) => ((hash >> 12) + 0.5) * (1.0 / (1UL << 52));

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low ^ (a * Golden);
    }
}
