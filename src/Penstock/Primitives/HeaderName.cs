using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Primitives;

/// <summary>The name of an HTTP header, which is a token: letters, digits and <c>!#$%&amp;'*+-.^_`|~</c>.</summary>
internal static class HeaderName
{
    private const int Block = 16;
    private const byte ToLower = 0x20;

    /// <summary>For each lower half of a character, which upper halves make it one of a name.</summary>
    private static Vector128<byte> Allowed =>
        Vector128.Create(
            (byte)0xE8,
            0xFC,
            0xF8,
            0xFC,
            0xFC,
            0xFC,
            0xFC,
            0xFC,
            0xF8,
            0xF8,
            0xF4,
            0x54,
            0xD0,
            0x54,
            0xF4,
            0x70
        );

    /// <summary>The bit of each upper half; beyond ASCII there is none.</summary>
    private static Vector128<byte> Bits => Vector128.Create(0x8040_2010_0804_0201, 0).AsByte();

    /// <returns>How many bytes from the first on may stand in a name.</returns>
    public static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at <= bytes.Length - Block; at += Block)
        {
            var others = Others(Vector128.LoadUnsafe(ref first, (nuint)at));
            if (others != 0)
            {
                return at + BitOperations.TrailingZeroCount(others);
            }
        }

        return at + LengthOfFew(bytes[at..]);
    }

    /// <param name="name">A name: no other characters.</param>
    /// <param name="known">In lower case, letters and hyphens only, four at least.</param>
    public static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known)
    {
        if (name.Length != known.Length)
        {
            return false;
        }

        if (name.Length < sizeof(ulong))
        {
            var last = name.Length - sizeof(uint);
            return Differ4(name, known) == 0 && Differ4(name[last..], known[last..]) == 0;
        }

        for (var at = 0; at < name.Length - sizeof(ulong); at += sizeof(ulong))
        {
            if (Differ8(name[at..], known[at..]) != 0)
            {
                return false;
            }
        }

        return Differ8(name[^sizeof(ulong)..], known[^sizeof(ulong)..]) == 0;
    }

    /// <param name="bytes">Fewer than a block.</param>
    [MethodImpl(MethodImplOptions.NoInlining)] // Its memory would be the other's, which hardly ever needs it.
    private static int LengthOfFew(ReadOnlySpan<byte> bytes)
    {
        // What follows them here cannot stand in a name.
        Span<byte> block = stackalloc byte[Block];
        block.Clear();
        bytes.CopyTo(block);
        return BitOperations.TrailingZeroCount(Others(Vector128.Create<byte>(block)));
    }

    /// <summary>One bit for each byte that may not stand in a name.</summary>
    private static uint Others(Vector128<byte> bytes)
    {
        var allowed = Vector128.ShuffleNative(Allowed, bytes & Vector128.Create((byte)0x0F));
        var bit = Vector128.ShuffleNative(Bits, bytes >>> 4);
        return Vector128.Equals(allowed & bit, Vector128<byte>.Zero).ExtractMostSignificantBits();
    }

    private static uint Differ4(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        (BinaryPrimitives.ReadUInt32LittleEndian(name) | (uint.MaxValue / byte.MaxValue * ToLower))
        ^ BinaryPrimitives.ReadUInt32LittleEndian(known);

    private static ulong Differ8(ReadOnlySpan<byte> name, ReadOnlySpan<byte> known) =>
        (BinaryPrimitives.ReadUInt64LittleEndian(name) | (ulong.MaxValue / byte.MaxValue * ToLower))
        ^ BinaryPrimitives.ReadUInt64LittleEndian(known);
}
