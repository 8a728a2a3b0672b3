using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Primitives;

/// <summary>Text from the space to the tilde, and its bytes.</summary>
internal static class PrintableAscii
{
    private const int Eight = 8;
    private const int Sixteen = 16;

    /// <summary>Not printable in any case.</summary>
    private const byte Delete = 0x7F;

    /// <returns>How many bytes from the first on are such text.</returns>
    public static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at <= bytes.Length - Sixteen; at += Sixteen)
        {
            var others = Others(Vector128.LoadUnsafe(ref first, (nuint)at));
            if (others != Vector128<byte>.Zero)
            {
                return at + BitOperations.TrailingZeroCount(others.ExtractMostSignificantBits());
            }
        }

        while (at < bytes.Length && bytes[at] is >= (byte)' ' and <= (byte)'~')
        {
            at++;
        }

        return at;
    }

    /// <summary>Checks and copies in one pass.</summary>
    /// <param name="to">At least as long as the text.</param>
    /// <returns>False: there is something else in it; what has been copied is not to be used.</returns>
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> to) => TryCopy(text, to, Delete, Delete);

    /// <summary>The same, where two of them may not stand.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)] // Which two they are is known where it is called.
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> to, byte one, byte other)
    {
        to = to[..text.Length];
        ref var from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref var target = ref MemoryMarshal.GetReference(to);
        return text.Length switch
        {
            < Eight => TryCopyFew(text, to, one, other),
            < Sixteen => TryCopyEights(ref from, ref target, text.Length - Eight, one, other),
            _ => TryCopySixteens(ref from, ref target, text.Length - Sixteen, one, other),
        };
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopyFew(ReadOnlySpan<char> text, Span<byte> to, byte one, byte other)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~' || (one != Delete && (text[i] == one || text[i] == other)))
            {
                return false;
            }

            to[i] = (byte)text[i];
        }

        return true;
    }

    /// <param name="last">Where the last eight begin, of which the first may have taken some.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopyEights(ref ushort from, ref byte to, int last, byte one, byte other)
    {
        var bytes = Narrow(ref from, 0, (nuint)last);
        Unsafe.WriteUnaligned(ref to, bytes.AsUInt64()[0]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, last), bytes.AsUInt64()[1]);
        return Others(bytes, one, other) == Vector128<byte>.Zero;
    }

    /// <param name="last">Where the last sixteen begin, of which those before may have taken some.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryCopySixteens(ref ushort from, ref byte to, int last, byte one, byte other)
    {
        var others = Vector128<byte>.Zero;
        for (var at = 0; ; at = Math.Min(at + Sixteen, last))
        {
            var bytes = Narrow(ref from, (nuint)at, (nuint)at + Eight);
            bytes.StoreUnsafe(ref to, (nuint)at);
            others |= Others(bytes, one, other);
            if (at == last)
            {
                return others == Vector128<byte>.Zero;
            }
        }
    }

    /// <summary>Whatever is beyond a byte becomes 255, which is not printable.</summary>
    private static Vector128<byte> Narrow(ref ushort from, nuint first, nuint second) =>
        Vector128.NarrowWithSaturation(Vector128.LoadUnsafe(ref from, first), Vector128.LoadUnsafe(ref from, second));

    /// <summary>Where nothing more is barred, which is known when this is compiled, nothing more is compared.</summary>
    private static Vector128<byte> Others(Vector128<byte> bytes, byte one, byte other) =>
        one == Delete
            ? Others(bytes)
            : Others(bytes)
                | Vector128.Equals(bytes, Vector128.Create(one))
                | Vector128.Equals(bytes, Vector128.Create(other));

    /// <summary>Counted from the first printable one, those before it are very far.</summary>
    private static Vector128<byte> Others(Vector128<byte> bytes) =>
        Vector128.GreaterThan(bytes - Vector128.Create((byte)' '), Vector128.Create((byte)('~' - ' ')));
}
