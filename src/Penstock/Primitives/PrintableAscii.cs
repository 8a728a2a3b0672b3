using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Primitives;

/// <summary>Text that may stand in a head, and its bytes.</summary>
internal static class PrintableAscii
{
    private const int Eight = 8;
    private const int Sixteen = 16;

    /// <returns>How many bytes from the first on are such text.</returns>
    public static int LengthAt(ReadOnlySpan<byte> bytes)
    {
        ref var first = ref MemoryMarshal.GetReference(bytes);
        var at = 0;
        for (; at <= bytes.Length - Sixteen; at += Sixteen)
        {
            var distance = Vector128.LoadUnsafe(ref first, (nuint)at) - Vector128.Create((byte)' ');
            var others = Vector128.GreaterThan(distance, Vector128.Create((byte)('~' - ' ')));
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
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> to)
    {
        to = to[..text.Length];
        ref var from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref var target = ref MemoryMarshal.GetReference(to);
        return text.Length switch
        {
            < Eight => TryCopyFew(text, to),
            < Sixteen => TryCopyEights(ref from, ref target, text.Length - Eight),
            _ => TryCopySixteens(ref from, ref target, text.Length - Sixteen),
        };
    }

    private static bool TryCopyFew(ReadOnlySpan<char> text, Span<byte> to)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~')
            {
                return false;
            }

            to[i] = (byte)text[i];
        }

        return true;
    }

    /// <param name="last">Where the last eight begin, of which the first may have taken some.</param>
    private static bool TryCopyEights(ref ushort from, ref byte to, int last)
    {
        var first = Vector128.LoadUnsafe(ref from);
        var second = Vector128.LoadUnsafe(ref from, (nuint)last);
        var bytes = Vector128.NarrowWithSaturation(first, second).AsUInt64();
        Unsafe.WriteUnaligned(ref to, bytes[0]);
        Unsafe.WriteUnaligned(ref Unsafe.Add(ref to, last), bytes[1]);
        return ArePrintable(Vector128.Max(Distance(first), Distance(second)));
    }

    /// <param name="last">Where the last sixteen begin, of which those before may have taken some.</param>
    private static bool TryCopySixteens(ref ushort from, ref byte to, int last)
    {
        var highest = Vector128<ushort>.Zero;
        for (var at = 0; ; at = Math.Min(at + Sixteen, last))
        {
            var first = Vector128.LoadUnsafe(ref from, (nuint)at);
            var second = Vector128.LoadUnsafe(ref from, (nuint)at + Eight);
            Vector128.NarrowWithSaturation(first, second).StoreUnsafe(ref to, (nuint)at);
            highest = Vector128.Max(highest, Vector128.Max(Distance(first), Distance(second)));
            if (at == last)
            {
                return ArePrintable(highest);
            }
        }
    }

    /// <summary>From the first printable character; those before it are very far.</summary>
    private static Vector128<ushort> Distance(Vector128<ushort> characters) =>
        characters - Vector128.Create((ushort)' ');

    private static bool ArePrintable(Vector128<ushort> highest) =>
        Vector128.LessThanOrEqualAll(highest, Vector128.Create((ushort)('~' - ' ')));
}
