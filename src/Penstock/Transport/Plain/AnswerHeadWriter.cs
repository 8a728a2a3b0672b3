using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Penstock.Primitives;

namespace Penstock.Transport.Plain;

/// <summary>Writes the head of an answer.</summary>
internal sealed class AnswerHeadWriter(DateLine date)
{
    /// <summary>Status line, date, framing and the blank line, with room to spare for what is behind the last name.</summary>
    private const int FixedBytes = 256;

    /// <summary>Around a name and its value: a colon, a space and a line end.</summary>
    private const int AroundValue = 4;

    public DateLine Date => date;

    /// <returns>Bytes that are enough for it.</returns>
    public static int Measure(PlainAnswerHeaders headers)
    {
        var room = FixedBytes;
        foreach (ref readonly var header in headers.Lines)
        {
            if (header.Value is { } value)
            {
                room += header.Name.Length + value.Length + AroundValue;
            }
            else if (header.Several is { } several)
            {
                room += several.Sum(one => one?.Length ?? 0) + (several.Length * (header.Name.Length + AroundValue));
            }
        }

        return room;
    }

    /// <param name="buffer">As long as was measured.</param>
    /// <param name="length">Bytes of the body; null: it comes in chunks.</param>
    /// <param name="close">The connection ends with the answer, which no header says yet.</param>
    /// <returns>Its length.</returns>
    /// <exception cref="InvalidOperationException">A value cannot stand in a head.</exception>
    public int Write(Span<byte> buffer, int status, PlainAnswerHeaders headers, long? length, bool close)
    {
        var at = 0;
        WriteStatus(buffer, ref at, status);
        Append(buffer, ref at, date.Now);
        foreach (ref readonly var header in headers.Lines)
        {
            if (header.Value is { } value)
            {
                AppendHeader(buffer, ref at, header, value);
            }
            else if (header.Several is { } several)
            {
                foreach (var one in several)
                {
                    AppendHeader(buffer, ref at, header, one ?? "");
                }
            }
        }

        if (length is { } bytes)
        {
            Append(buffer, ref at, "Content-Length: "u8);
            Utf8Formatter.TryFormat(bytes, buffer[at..], out var digits);
            at += digits;
            Append(buffer, ref at, "\r\n"u8);
        }
        else
        {
            Append(buffer, ref at, "Transfer-Encoding: chunked\r\n"u8);
        }

        if (close)
        {
            Append(buffer, ref at, "Connection: close\r\n"u8);
        }

        Append(buffer, ref at, "\r\n"u8);
        return at;
    }

    private static void WriteStatus(Span<byte> buffer, ref int at, int status)
    {
        if (status == StatusCodes.Status200OK)
        {
            Append(buffer, ref at, "HTTP/1.1 200 OK\r\n"u8);
            return;
        }

        Append(buffer, ref at, "HTTP/1.1 "u8);
        Utf8Formatter.TryFormat(status, buffer[at..], out var digits);
        at += digits;
        buffer[at++] = (byte)' ';
        at += Encoding.ASCII.GetBytes(ReasonPhrases.GetReasonPhrase(status), buffer[at..]);
        Append(buffer, ref at, "\r\n"u8);
    }

    private static void AppendHeader(Span<byte> buffer, ref int at, in AnswerHeader header, string value)
    {
        var line = buffer[at..];
        var start = header.WriteStart(line);
        // As the framework has it: a line end in a value would begin a header of somebody else's.
        if (start == 0 || !PrintableAscii.TryCopy(value, line[start..]))
        {
            throw new InvalidOperationException($"The value of {header.Name} is not printable ASCII.");
        }

        var end = start + value.Length;
        (line[end + 1], line[end]) = ((byte)'\n', (byte)'\r');
        at += end + 2;
    }

    private static void Append(Span<byte> buffer, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer[at..]);
        at += text.Length;
    }
}
