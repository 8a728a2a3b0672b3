using System.Globalization;
using System.Text;

namespace Penstock.Simulator.Http;

/// <summary>Reads one request after the other from a connection, pipelined ones too.</summary>
internal sealed class RequestReader(ConnectionInput input, long largestBody, Func<ValueTask> sendContinue)
{
    // A chunk's size line: 16 hexadecimal digits and some extension.
    private const int ChunkLine = 4096;

    /// <returns>Null when the client ended the connection between two requests.</returns>
    public async ValueTask<RequestHead?> ReadHeadAsync()
    {
        while (true)
        {
            // Clients may send empty lines between requests (RFC 9112, 2.2).
            while (input.Available.Span.StartsWith("\r\n"u8))
            {
                input.Consume(2);
            }

            var available = input.Available;
            var end = available.Span.IndexOf("\r\n\r\n"u8);
            if (end >= 0)
            {
                var head = RequestHeadParser.Parse(available[..(end + 4)].ToArray());
                input.Consume(end + 4);
                return head;
            }

            if (input.IsFull)
            {
                throw new BadRequestException(431, "Request Header Fields Too Large");
            }

            if (!await input.FillAsync())
            {
                return input.Available.IsEmpty ? null : throw new BadRequestException(400, "the head ends early");
            }
        }
    }

    public async ValueTask<byte[]> ReadBodyAsync(RequestHead head)
    {
        if (head.ContentLength > largestBody)
        {
            throw new BadRequestException(413, "Request body too large");
        }

        if (head.ExpectsContinue && (head.IsChunked || head.ContentLength > 0))
        {
            await sendContinue();
        }

        if (head.IsChunked)
        {
            return await ReadChunkedAsync();
        }

        var body = head.ContentLength == 0 ? [] : new byte[head.ContentLength];
        await input.ReadExactlyAsync(body);
        return body;
    }

    private async ValueTask<byte[]> ReadChunkedAsync()
    {
        var body = new ByteBuffer(4096);
        byte[] chunk = [];
        while (true)
        {
            var size = ChunkSize(await ReadLineAsync());
            if (size == 0)
            {
                break;
            }

            if (body.Length + size > largestBody)
            {
                throw new BadRequestException(413, "Request body too large");
            }

            chunk = chunk.Length >= size ? chunk : new byte[size];
            await input.ReadExactlyAsync(chunk.AsMemory(0, size));
            body.Add(chunk.AsSpan(0, size));
            if ((await ReadLineAsync()).Length > 0)
            {
                throw new BadRequestException(400, "Invalid HTTP request received: a chunk is longer than its size.");
            }
        }

        while ((await ReadLineAsync()).Length > 0)
        {
            // Trailers say nothing to an engine.
        }

        return body.ToArray();
    }

    private static int ChunkSize(string line)
    {
        var semicolon = line.IndexOf(';', StringComparison.Ordinal);
        var digits = semicolon < 0 ? line : line[..semicolon].TrimEnd();
        return
            int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var size)
            && size >= 0
            ? size
            : throw new BadRequestException(
                400,
                "Invalid HTTP request received: a chunk size is no hexadecimal number."
            );
    }

    private async ValueTask<string> ReadLineAsync()
    {
        while (true)
        {
            var available = input.Available;
            var end = available.Span.IndexOf("\r\n"u8);
            if (end >= 0)
            {
                var line = Encoding.Latin1.GetString(available.Span[..end]);
                input.Consume(end + 2);
                return line;
            }

            if (available.Length > ChunkLine)
            {
                throw new BadRequestException(400, "Invalid HTTP request received: a chunk's size line does not end.");
            }

            await input.FillOrThrowAsync();
        }
    }
}
