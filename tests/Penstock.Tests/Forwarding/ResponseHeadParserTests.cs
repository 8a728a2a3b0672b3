using System.Text;
using Penstock.Forwarding;

namespace Penstock.Tests.Forwarding;

public sealed class ResponseHeadParserTests
{
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
