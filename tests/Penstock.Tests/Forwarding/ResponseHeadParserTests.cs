using System.Text;
using Penstock.Forwarding;
using Penstock.Primitives;
using Penstock.Tests.Transport.Plain;

namespace Penstock.Tests.Forwarding;

public sealed class ResponseHeadParserTests
{
    private static readonly byte[][] Heads =
    [
        Bytes(
            "HTTP/1.1 200 OK",
            "date: Fri, 27 Nov 2026",
            "server: uvicorn",
            "content-length: 319",
            "Content-Type: application/json"
        ),
        Bytes("HTTP/1.0 503", "Retry-After: 7", "Connection: keep-alive", "X:", "TRANSFER-ENCODING: chunked"),
        Bytes(
            "HTTP/1.1 429 Too Many",
            "content-type:text/event-stream; charset=utf-8",
            "Connection: close",
            "Content-Encoding: identity"
        ),
    ];

    private static readonly byte[] Strange = Encoding.Latin1.GetBytes(
        "\0\t\n\r\r\n  ::;-0159AZaz/\u000d\u000f\u007f\u00e9\u00ff"
    );

    [Fact]
    public void A_usual_head_is_understood()
    {
        Assert.True(
            TryParse(
                "HTTP/1.1 200 OK",
                "Date: x",
                "content-LENGTH:  12 ",
                "Content-Type: application/json; charset=utf-8",
                out var head
            )
        );
        Assert.Equal(200, head.Status);
        Assert.Equal(12, head.ContentLength);
        Assert.Equal(MediaType.Json, head.MediaType);
        Assert.True(head.KeepAlive);
        Assert.False(head.Chunked);
        Assert.Equal(-1, head.RetryAfterSeconds);
    }

    [Fact]
    public void A_stream_s_head_is_understood()
    {
        Assert.True(
            TryParse(
                "HTTP/1.1 503",
                "Transfer-Encoding: Chunked",
                "Content-Type: text/event-stream",
                "Retry-After: 7\r\nConnection: close",
                out var head
            )
        );
        Assert.True(head.Chunked);
        Assert.Equal(MediaType.EventStream, head.MediaType);
        Assert.Equal(7, head.RetryAfterSeconds);
        Assert.False(head.KeepAlive);
    }

    [Theory]
    [InlineData("HTTP/2.0 200 OK")]
    [InlineData("HTTP/1.1 99 Low")]
    [InlineData("HTTP/1.1 2000 Long")]
    [InlineData("HTTP/1.1  200 OK")]
    [InlineData("http/1.1 200 OK")]
    [InlineData("ICY 200 OK")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 6")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5", "Transfer-Encoding: chunked")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: +5")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 5, 5")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: ")]
    [InlineData("HTTP/1.1 200 OK", "Content-Length: 9999999999999999999")]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: gzip, chunked")]
    [InlineData("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked")]
    [InlineData("HTTP/1.1 200 OK", "X: a", " folded")]
    [InlineData("HTTP/1.1 200 OK", "Name : value")]
    [InlineData("HTTP/1.1 200 OK", ": value")]
    [InlineData("HTTP/1.1 200 OK", "no colon")]
    [InlineData("HTTP/1.1 200 OK", "X: a\nContent-Length: 5")]
    [InlineData("HTTP/1.1 200 OK", "X: a\rb")]
    [InlineData("HTTP/1.1 200 OK", "X: a\0b")]
    public void Whatever_two_readers_could_read_in_two_ways_is_refused(params string[] lines) =>
        Assert.False(ResponseHeadParser.TryParse(Bytes(lines), out _));

    [Fact]
    public void Whatever_is_changed_in_a_head_it_is_read_as_a_slow_reader_would()
    {
        var chance = new Chance(20261127);
        var (read, refused) = (0, 0);
        for (var i = 0; i < 200_000; i++)
        {
            var head = Heads[chance.Below(Heads.Length)].ToArray();
            for (var changes = chance.Below(4); changes > 0; changes--)
            {
                head[chance.Below(head.Length)] = Strange[chance.Below(Strange.Length)];
            }

            var isRead = ResponseHeadParser.TryParse(head, out var parsed);
            var expected = SlowResponseHead.Read(Encoding.Latin1.GetString(head));
            Assert.True(expected is null != isRead, Encoding.Latin1.GetString(head));
            if (isRead)
            {
                Assert.Equal(expected, parsed);
            }

            (read, refused) = isRead ? (read + 1, refused) : (read, refused + 1);
        }

        Assert.True(Math.Min(read, refused) > 20_000, $"{read} read, {refused} refused");
    }

    [Fact]
    public void Compression_that_nobody_asked_for_is_noticed()
    {
        Assert.True(ResponseHeadParser.TryParse(Bytes("HTTP/1.1 200 OK", "Content-Encoding: gzip"), out var head));
        Assert.True(head.Encoded);
    }

    private static bool TryParse(string a, string b, string c, string d, out ResponseHead head) =>
        ResponseHeadParser.TryParse(Bytes(a, b, c, d), out head);

    private static byte[] Bytes(params string[] lines) =>
        Encoding.Latin1.GetBytes(string.Concat(lines.Select(line => line + "\r\n")));
}
