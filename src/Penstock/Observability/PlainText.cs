using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Penstock.Observability;

/// <summary>
/// Text of printable ASCII without quotes and backslashes: it stands for itself in a line and in a JSON string. Nearly
/// every value of the log is of that kind, so it is checked and narrowed in one go.
/// </summary>
internal static class PlainText
{
    private static int Block => Vector128<byte>.Count;

    /// <returns>False: it is not plain, or longer than the room. What is in the room then is of no use.</returns>
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> room)
    {
        if (text.Length > room.Length)
        {
            return false;
        }

        if (text.Length < Block)
        {
            return TryCopyShort(text, room);
        }

        ref var from = ref MemoryMarshal.GetReference(MemoryMarshal.Cast<char, ushort>(text));
        ref var to = ref MemoryMarshal.GetReference(room);
        var last = (nuint)(text.Length - Block);
        for (nuint at = 0; ; at = nuint.Min(at + (nuint)Block, last))
        {
            // Whatever is beyond a byte becomes 255, which is not plain.
            var bytes = Vector128.NarrowWithSaturation(
                Vector128.LoadUnsafe(ref from, at),
                Vector128.LoadUnsafe(ref from, at + (nuint)(Block / 2))
            );
            if (!IsPlain(bytes))
            {
                return false;
            }

            bytes.StoreUnsafe(ref to, at);
            if (at == last)
            {
                return true;
            }
        }
    }

    private static bool TryCopyShort(ReadOnlySpan<char> text, Span<byte> room)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is < ' ' or > '~' or '"' or '\\')
            {
                return false;
            }

            room[i] = (byte)text[i];
        }

        return true;
    }

    private static bool IsPlain(Vector128<byte> bytes) =>
        (
            Vector128.LessThan(bytes, Vector128.Create((byte)' '))
            | Vector128.GreaterThan(bytes, Vector128.Create((byte)'~'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'"'))
            | Vector128.Equals(bytes, Vector128.Create((byte)'\\'))
        ) == Vector128<byte>.Zero;
}
