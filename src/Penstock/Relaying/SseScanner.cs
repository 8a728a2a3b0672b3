using System.Buffers;

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
    /// <param name="from">Where the event begins in the bytes.</param>
    /// <param name="dataLines">How many <c>data</c> lines there are.</param>
    public static Range FindData(ReadOnlySpan<byte> bytes, int from, out int dataLines)
    {
        dataLines = 0;
        Range data = default;
        for (var start = from; start < bytes.Length; )
        {
            var rest = bytes[start..];
            var length = rest.IndexOfAny((byte)'\n', (byte)'\r');
            if (length < 0)
            {
                length = rest.Length;
            }

            if (ValueStart(rest[..length]) is var value and >= 0)
            {
                dataLines++;
                data = (start + value)..(start + length);
            }
            var end = start + length;
            start = end + Math.Max(1, end < bytes.Length ? LineEndLength(bytes, end) : 1);
        }
        return data;
    }

    /// <returns>Where the value begins in a line that is a <c>data</c> field; −1 in any other.</returns>
    public static int ValueStart(ReadOnlySpan<byte> line)
    {
        var name = "data"u8;
        if (!line.StartsWith(name))
        {
            return -1;
        }

        // A name alone is a field with an empty value.
        return line.Length == name.Length ? name.Length
            : line[name.Length] != ':' ? -1
            : line.Length > name.Length + 1 && line[name.Length + 1] == ' ' ? name.Length + 2
            : name.Length + 1;
    }

    /// <summary>
    /// An event whose data stands in several lines, as one of one line. They are joined by a blank instead of a line
    /// end, which means the same to JSON.
    /// </summary>
    public static ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes, out Range data)
    {
        var joined = new ArrayBufferWriter<byte>(bytes.Length + 8);
        joined.Write("data:"u8);
        foreach (var range in bytes.SplitAny((byte)'\n', (byte)'\r'))
        {
            var line = bytes[range];
            if (ValueStart(line) is var value and >= 0)
            {
                joined.Write(" "u8);
                joined.Write(line[value..]);
            }
        }

        data = "data: ".Length..joined.WrittenCount;
        joined.Write("\n\n"u8);
        return joined.WrittenSpan;
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
