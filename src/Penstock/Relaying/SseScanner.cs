namespace Penstock.Relaying;

/// <summary>
/// Finds events in a server-sent-event stream: blocks of lines that end with an empty line. Lines may end with LF,
/// CRLF or CR.
/// </summary>
internal static class SseScanner
{
    /// <param name="bytes">Begins at the start of an event.</param>
    /// <param name="from">Where to go on after an earlier search of the same, shorter bytes.</param>
    /// <param name="resume">Where the next search may begin when no end is found.</param>
    /// <returns>Length of the first event, its empty line included; −1 when its end has not come yet.</returns>
    public static int FindEnd(ReadOnlySpan<byte> bytes, int from, out int resume)
    {
        var lineStart = from;
        while (true)
        {
            resume = lineStart;
            var found = bytes[lineStart..].IndexOfAny((byte)'\n', (byte)'\r');
            if (found < 0)
            {
                return -1;
            }

            var end = lineStart + found;
            var next = end + LineEndLength(bytes, end);
            if (next == end)
            {
                return -1;
            }

            if (found == 0)
            {
                return next;
            }

            lineStart = next;
        }
    }

    /// <summary>
    /// The value of the event's <c>data</c> field when it has exactly one, which is all that engines send.
    /// </summary>
    /// <param name="dataLines">How many <c>data</c> lines there are.</param>
    public static Range FindData(ReadOnlySpan<byte> bytes, out int dataLines)
    {
        dataLines = 0;
        Range data = default;
        for (var start = 0; start < bytes.Length; )
        {
            var rest = bytes[start..];
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                length = rest.Length;
            }

            if (rest[..length].StartsWith("data:"u8))
            {
                dataLines++;
                var skip = length > 5 && rest[5] == ' ' ? 6 : 5;
                data = (start + skip)..(start + length);
            }
            var end = start + length;
            start = end + Math.Max(1, end < bytes.Length ? LineEndLength(bytes, end) : 1);
        }
        return data;
    }

    /// <summary>0 when it takes one more byte to know: a CR at the very end may be half of a CRLF.</summary>
    private static int LineEndLength(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes[at] == '\n')
        {
            return 1;
        }

        if (at + 1 == bytes.Length)
        {
            return 0;
        }

        return bytes[at + 1] == '\n' ? 2 : 1;
    }
}
