using Penstock.Primitives;

namespace Penstock.Observability;

/// <summary>
/// Text of printable ASCII without quotes and backslashes: it stands for itself in a line and in a JSON string. Nearly
/// every value of the log is of that kind, so it is checked and narrowed in one go.
/// </summary>
internal static class PlainText
{
    /// <returns>False: it is not plain, or longer than the room. What is in the room then is of no use.</returns>
    public static bool TryCopy(ReadOnlySpan<char> text, Span<byte> room) =>
        text.Length <= room.Length && PrintableAscii.TryCopy(text, room, (byte)'"', (byte)'\\');
}
