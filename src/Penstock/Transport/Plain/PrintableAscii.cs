using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Transport.Plain;

/// <summary>Text that may stand in a head, and its bytes.</summary>
internal static class PrintableAscii
{
    private const ushort First = ' ';
    private const ushort Span = '~' - ' ';

    /// <summary>Checks and copies in one pass.</summary>
    /// <param name="to">At least as long as the text.</param>
    /// <returns>False: there is something else in it; what has been copied is not to be used.</returns>
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> to)
    {
        to = to[..text.Length];
        if (text.Length < Vector128<ushort>.Count)
        {
            return TryCopyFew(text, to);
        }

        ref var from = ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text));
        ref var target = ref MemoryMarshal.GetReference(to);
        var highest = Vector128<ushort>.Zero;
        // The last step takes the last eight, of which the one before may have taken some.
        var last = text.Length - Vector128<ushort>.Count;
        for (var at = 0; ; at = Math.Min(at + Vector128<ushort>.Count, last))
        {
            var eight = Vector128.LoadUnsafe(ref from, (nuint)at);
            highest = Vector128.Max(highest, eight - Vector128.Create(First));
            var bytes = Vector128.Narrow(eight, eight).AsUInt64().ToScalar();
            Unsafe.WriteUnaligned(ref Unsafe.Add(ref target, at), bytes);
            if (at == last)
            {
                return Vector128.LessThanOrEqualAll(highest, Vector128.Create(Span));
            }
        }
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
}
