using System.Text;
using Penstock.Transport.Plain;

namespace Penstock.Tests.Transport.Plain;

public sealed class PlainHeadTests
{
    private const string Line = "POST /v1/chat/completions HTTP/1.1\r\n";
    private const string Host = "Host: x\r\n";
    private const string Length = "Content-Length: 2\r\n";

    private readonly PlainHead _head = new();

    [Fact]
    public void A_usual_head_is_plain()
    {
        const string head =
            Line + Host + "Accept: */*\r\nAuthorization:Bearer  k \r\nX-Empty:\r\ncontent-LENGTH: 12\r\n\r\n";
        Assert.True(IsPlain(head + "{\"n\": 1} and more"));
        Assert.Equal(head.Length, _head.Length);
        Assert.Equal(12, _head.ContentLength);
        Assert.False(_head.Close);
        Assert.Equal(
            ["Host=x", "Accept=*/*", "Authorization=Bearer  k", "X-Empty=", "content-LENGTH=12"],
            Enumerable.Range(0, _head.Count).Select(index => Tell(head, _head[index]))
        );
    }

    [Theory]
    [InlineData("close", true)]
    [InlineData("Close", true)]
    [InlineData("keep-alive", false)]
    [InlineData("Keep-Alive", false)]
    public void A_caller_may_end_the_connection(string connection, bool closes)
    {
        Assert.True(IsPlain($"{Line}{Host}{Length}Connection: {connection}\r\n\r\n"));
        Assert.Equal(closes, _head.Close);
    }

    [Theory]
    [InlineData("Content-Length: 3")]
    [InlineData("CONTENT-LENGTH: 2")]
    [InlineData("Host: x")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Transfer-Encoding: identity")]
    [InlineData("TRANSFER-encoding:")]
    [InlineData("Expect: 100-continue")]
    [InlineData("Upgrade: h2c")]
    [InlineData("Connection: close, keep-alive")]
    [InlineData("Connection: upgrade")]
    [InlineData("Connection: Content-Length")]
    [InlineData("Connection:")]
    [InlineData("X: 1\r\nx: 2")]
    [InlineData("X: y\r\n folded")]
    [InlineData("X: y\r\n\tfolded")]
    [InlineData(" X: y")]
    [InlineData("X : y")]
    [InlineData("X\t: y")]
    [InlineData("X: y\tz")]
    [InlineData("X:\ty")]
    [InlineData("X: y\0")]
    [InlineData("X: y\nTransfer-Encoding: chunked")]
    [InlineData("X: y\rTransfer-Encoding: chunked")]
    [InlineData("X: y\r")]
    [InlineData("X\r: y")]
    [InlineData("X\0: y")]
    [InlineData("X: \u007f")]
    [InlineData("X: \u00e9")]
    [InlineData("\u00e9: x")]
    [InlineData(": y")]
    [InlineData("no colon")]
    [InlineData("X(y): z")]
    public void A_line_that_is_not_plain(string line) => Assert.False(IsPlain($"{Line}{Host}{Length}{line}\r\n\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("+2")]
    [InlineData("-2")]
    [InlineData("02")]
    [InlineData("00")]
    [InlineData("0x2")]
    [InlineData("2 2")]
    [InlineData("2,2")]
    [InlineData("2.0")]
    [InlineData("2e0")]
    [InlineData("\u0662")]
    [InlineData("1001")]
    [InlineData("9999999999")]
    [InlineData("18446744073709551618")]
    [InlineData("99999999999999999999999999999999")]
    public void A_length_that_is_not_plain(string length) =>
        Assert.False(IsPlain($"{Line}{Host}Content-Length: {length}\r\n\r\n"));

    [Theory]
    [InlineData("0", 0)]
    [InlineData(" 7  ", 7)]
    [InlineData("1000", 1000)]
    public void A_length_that_is(string text, int length)
    {
        Assert.True(IsPlain($"{Line}{Host}Content-Length:{text}\r\n\r\n"));
        Assert.Equal(length, _head.ContentLength);
    }

    [Theory]
    [InlineData("post /v1/chat/completions HTTP/1.1\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.0\r\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1\n")]
    [InlineData("POST /v1/chat/completions HTTP/1.1 \r\n")]
    [InlineData("POST  /v1/chat/completions HTTP/1.1\r\n")]
    [InlineData("POST /v1/chat/completions?a HTTP/1.1\r\n")]
    [InlineData("POST http://x/v1/chat/completions HTTP/1.1\r\n")]
    [InlineData("GET /v1/chat/completions HTTP/1.1\r\n")]
    [InlineData("\r\nPOST /v1/chat/completions HTTP/1.1\r\n")]
    public void A_request_line_that_is_not_plain(string line) => Assert.False(IsPlain($"{line}{Host}{Length}\r\n"));

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a@b")]
    [InlineData("a/b")]
    [InlineData("a:")]
    [InlineData(":80")]
    [InlineData("a:b")]
    [InlineData("a:1:2")]
    [InlineData("a:123456")]
    [InlineData("[::1]")]
    public void A_host_that_is_not_plain(string host) => Assert.False(IsPlain($"{Line}Host: {host}\r\n{Length}\r\n"));

    [Fact]
    public void A_head_without_host_or_length_is_not_plain()
    {
        Assert.False(IsPlain($"{Line}{Host}\r\n"));
        Assert.False(IsPlain($"{Line}{Length}\r\n"));
        Assert.False(IsPlain($"{Line}\r\n"));
    }

    [Fact]
    public void No_part_of_a_head_is_plain()
    {
        const string head = Line + Host + Length + "\r\n";
        for (var length = 0; length < head.Length; length++)
        {
            Assert.False(IsPlain(head[..length]));
        }

        Assert.True(IsPlain(head));
    }

    [Fact]
    public void There_are_bounds()
    {
        var many = string.Concat(Enumerable.Range(0, PlainHead.MostLines - 2).Select(i => $"X-{i}: y\r\n"));
        Assert.True(IsPlain($"{Line}{Host}{Length}{many}\r\n"));
        Assert.False(IsPlain($"{Line}{Host}{Length}{many}X: y\r\n\r\n"));
        var around = $"{Line}{Host}{Length}X: \r\n\r\n".Length;
        var room = PlainHead.LongestHead - around;
        Assert.True(IsPlain($"{Line}{Host}{Length}X: {new string('y', room)}\r\n\r\n"));
        Assert.False(IsPlain($"{Line}{Host}{Length}X: {new string('y', room + 1)}\r\n\r\n"));
    }

    [Fact]
    public void Nothing_stays_of_the_head_before()
    {
        Assert.True(IsPlain($"{Line}{Host}{Length}Connection: close\r\n\r\n"));
        Assert.False(IsPlain($"{Line}{Length}\r\n"));
        Assert.False(IsPlain($"{Line}{Host}\r\n"));
        Assert.True(IsPlain($"{Line}{Length}{Host}\r\n"));
        Assert.False(_head.Close);
    }

    private bool IsPlain(string text) =>
        _head.TryRead(Encoding.Latin1.GetBytes(text), Encoding.ASCII.GetBytes(Line), longestBody: 1000);

    private static string Tell(string head, HeaderLine line) =>
        $"{head.Substring(line.Name, line.NameLength)}={head.Substring(line.Value, line.ValueLength)}";
}
