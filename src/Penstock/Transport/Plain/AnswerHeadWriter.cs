using System.Buffers.Text;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Penstock.Transport.Plain;

/// <summary>Writes the head of an answer.</summary>
internal sealed class AnswerHeadWriter(DateLine date)
{
    private const int LongestNumber = 20;

    /// <summary>Status line, date, framing and the blank line, with room to spare.</summary>
    private const int FixedBytes = 256;

    /// <returns>Bytes that are enough for it.</returns>
    /// <exception cref="InvalidOperationException">A value cannot stand in a head.</exception>
    public static int Measure(HeaderDictionary headers)
    {
        var room = FixedBytes;
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                // As the framework has it: a line end in a value would begin a header of somebody else's.
                if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
                {
                    throw new InvalidOperationException($"The value of {name} is not printable ASCII.");
                }

                room += name.Length + (value?.Length ?? 0) + 4;
            }
        }

        return room;
    }

    /// <param name="headers">As they were measured.</param>
    /// <param name="length">Bytes of the body; null: it comes in chunks.</param>
    /// <param name="close">The connection ends with the answer.</param>
    /// <returns>Its length.</returns>
    public int Write(Span<byte> buffer, int status, HeaderDictionary headers, long? length, bool close)
    {
        var at = 0;
        WriteStatus(buffer, ref at, status);
        Append(buffer, ref at, date.Now);
        foreach (var (name, values) in headers)
        {
            foreach (var value in values)
            {
                AppendHeader(buffer, ref at, name, value ?? "");
            }
        }

        if (length is null)
        {
            Append(buffer, ref at, "Transfer-Encoding: chunked\r\n"u8);
        }
        else if (headers.ContentLength is null)
        {
            Append(buffer, ref at, "Content-Length: "u8);
            Utf8Formatter.TryFormat(length.Value, buffer.Slice(at, LongestNumber), out var digits);
            at += digits;
            Append(buffer, ref at, "\r\n"u8);
        }

        if (close && !headers.ContainsKey(HeaderNames.Connection))
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

    private static void AppendHeader(Span<byte> buffer, ref int at, string name, string value)
    {
        at += Encoding.ASCII.GetBytes(name, buffer[at..]);
        Append(buffer, ref at, ": "u8);
        at += Encoding.ASCII.GetBytes(value, buffer[at..]);
        Append(buffer, ref at, "\r\n"u8);
    }

    private static void Append(Span<byte> buffer, ref int at, ReadOnlySpan<byte> text)
    {
        text.CopyTo(buffer[at..]);
        at += text.Length;
    }
}
