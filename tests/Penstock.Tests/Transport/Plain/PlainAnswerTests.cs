using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Penstock.Tests.Transport.Plain;

/// <summary>What a caller sees of an answer, on the wire.</summary>
public sealed class PlainAnswerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_a_length()
    {
        var answer = await AskAsync(async response =>
        {
            response.StatusCode = 418;
            response.ContentType = "text/plain";
            response.ContentLength = 5;
            await WriteAsync(response, "he");
            await WriteAsync(response, "llo");
        });
        Assert.StartsWith("HTTP/1.1 418 I'm a teapot\r\nDate: ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("chunked", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_one_it_comes_in_chunks()
    {
        var answer = await AskAsync(async response =>
        {
            await WriteAsync(response, "hello");
            await WriteAsync(response, new string('x', 0x123));
            await response.CompleteAsync();
        });
        Assert.Contains("\r\nTransfer-Encoding: chunked\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", answer, StringComparison.Ordinal);
        var body = $"\r\n\r\n5\r\nhello\r\n123\r\n{new string('x', 0x123)}\r\n0\r\n\r\n";
        Assert.EndsWith(body, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_flushed_is_sent_in_one_piece_with_its_length()
    {
        var answer = await AskAsync(response =>
        {
            response.BodyWriter.Write("hel"u8);
            response.BodyWriter.Write("lo"u8);
            return Task.CompletedTask;
        });
        Assert.Contains("\r\nContent-Length: 5\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nhello", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_one()
    {
        var answer = await AskAsync(response =>
        {
            response.StatusCode = 404;
            return Task.CompletedTask;
        });
        Assert.StartsWith("HTTP/1.1 404 Not Found\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(3_000)]
    [InlineData(30_000)]
    public async Task With_a_head_of_any_length_before_and_without_a_body(int length)
    {
        var value = string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i % 26))));
        foreach (var body in new[] { "", "hello", new string('y', 5_000) })
        {
            var answer = await AskAsync(async response =>
            {
                response.Headers["X-Long"] = value;
                response.Headers["X-Two"] = new(["1", "2"]);
                response.BodyWriter.Write(Encoding.ASCII.GetBytes(body));
                if (length == 300)
                {
                    await response.BodyWriter.FlushAsync(Cancel);
                }
            });
            var lines = answer.Split("\r\n");
            Assert.Equal([$"X-Long: {value}", "X-Two: 1", "X-Two: 2"], lines.Where(line => line.StartsWith('X')));
            var inChunks = body.Length == 0 ? "0\r\n\r\n" : $"{body.Length:x}\r\n{body}\r\n0\r\n\r\n";
            Assert.EndsWith("\r\n\r\n" + (length == 300 ? inChunks : body), answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_head_alone_then_an_empty_body_in_chunks()
    {
        var answer = await AskAsync(async response =>
        {
            await response.StartAsync(Cancel);
            await response.BodyWriter.FlushAsync(Cancel);
        });
        Assert.EndsWith("\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Through_the_stream_of_the_response()
    {
        var answer = await AskAsync(response => response.WriteAsync("hello", Cancel));
        Assert.EndsWith("\r\n\r\n5\r\nhello\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_answers_may_end_the_connection()
    {
        await using var server = await PlainBench.StartAsync(context =>
        {
            context.Response.Headers.Connection = "close";
            return WriteAsync(context.Response, "last");
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual() + StrangeRequests.Usual());
        var answers = await caller.ReadToEndAsync();
        Assert.Single(answers.Split("HTTP/1.1 200 OK")[1..]);
        Assert.Single(answers.Split("Connection: close\r\n")[1..]);
    }

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(6, false)]
    [InlineData(6, true)]
    public async Task One_that_breaks_its_promised_length_is_cut_and_nothing_follows(int length, bool flush)
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            context.Response.ContentLength = length;
            context.Response.BodyWriter.Write("hello"u8);
            if (flush)
            {
                await context.Response.BodyWriter.FlushAsync(Cancel);
            }
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual() + StrangeRequests.Usual());
        var answers = await caller.ReadToTheLastAsync();
        Assert.True(answers.Split("HTTP/1.1").Length <= 2, answers);
        // A byte more than was promised would be the first of the next answer.
        Assert.False(answers.EndsWith("hello", StringComparison.Ordinal) && length < 5, answers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_abort_is_a_visible_cut(bool chunks)
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            context.Response.ContentLength = chunks ? null : 100;
            await WriteAsync(context.Response, "half");
            context.Response.BodyWriter.Write("more"u8);
            context.Abort();
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        var answer = await caller.ReadToTheLastAsync();
        Assert.DoesNotContain("\r\n0\r\n\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("more", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_behind_the_end_goes_nowhere()
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            await WriteAsync(context.Response, "whole");
            await context.Response.CompleteAsync();
            await WriteAsync(context.Response, "stray");
        });
        using var caller = await server.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await caller.SendAsync(StrangeRequests.Usual());
            Assert.EndsWith("whole\r\n0\r\n\r\n", await caller.ReadUntilAsync("0\r\n\r\n"), StringComparison.Ordinal);
            caller.Forget();
        }
    }

    [Theory]
    [InlineData("a\r\nSet-Cookie: b")]
    [InlineData("a\nSet-Cookie: b")]
    [InlineData("a\rb")]
    [InlineData("a\0b")]
    [InlineData("caf\u00e9")]
    [InlineData("\u010d\u010a")]
    public async Task A_value_cannot_begin_another_header(string value)
    {
        var refused = false;
        await using var server = await PlainBench.StartAsync(async context =>
        {
            context.Response.Headers["X"] = value;
            try
            {
                await WriteAsync(context.Response, "hello");
            }
            catch (InvalidOperationException)
            {
                refused = true;
                context.Response.Headers.Clear();
                context.Response.StatusCode = 500;
            }
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        Assert.StartsWith("HTTP/1.1 500 ", await caller.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
        Assert.True(refused);
    }

    [Fact]
    public async Task A_slow_reader_gets_every_byte_and_holds_up_whoever_writes()
    {
        const int pieces = 200;
        var piece = Enumerable.Range(0, 100_000).Select(i => (byte)('a' + (i % 26))).ToArray();
        var written = 0;
        await using var server = await PlainBench.StartAsync(async context =>
        {
            for (var i = 0; i < pieces; i++)
            {
                await context.Response.BodyWriter.WriteAsync(piece, Cancel);
                Volatile.Write(ref written, i + 1);
            }
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(
            StrangeRequests.Usual().Replace("Host", "Connection: close\r\nHost", StringComparison.Ordinal)
        );
        var head = await caller.ReadUntilAsync("\r\n\r\n");
        // What both sockets hold is far less than all of it.
        Assert.True(Volatile.Read(ref written) < pieces, "nobody was held up");
        var answer = await caller.ReadToEndAsync();
        Assert.Equal(pieces, written);
        var frame = $"186a0\r\n{Encoding.ASCII.GetString(piece)}\r\n";
        Assert.Equal(string.Concat(Enumerable.Repeat(frame, pieces)) + "0\r\n\r\n", Body(answer));
        Assert.Contains("chunked", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_that_one_request_had_beside_it_is_the_next_ones()
    {
        var found = 0;
        await using var server = await PlainBench.StartAsync(async context =>
        {
            found += context.Items.Count + context.Request.Cookies.Count + (context.User.Claims.Any() ? 1 : 0);
            context.Items["secret"] = "a";
            context.Features.Set<IHttpMaxRequestBodySizeFeature>(null);
            context.User = new([new([new("a", "b")])]);
            context.Response.Headers["X-Once"] = found == 0 ? "y" : "n";
            await WriteAsync(context.Response, "x");
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual() + StrangeRequests.Usual() + StrangeRequests.Usual());
        while ((await caller.ReadUntilAsync("0\r\n\r\n")).Split("0\r\n\r\n").Length < 4)
        {
            await caller.ReadMoreAsync();
        }

        Assert.Equal(0, found);
    }

    private static string Body(string answer) => answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];

    private static async Task WriteAsync(HttpResponse response, string text) =>
        await response.BodyWriter.WriteAsync(Encoding.ASCII.GetBytes(text), Cancel);

    /// <summary>The whole answer, which is to be the same on a connection that goes on and on one that ends.</summary>
    private static async Task<string> AskAsync(Func<HttpResponse, Task> answer)
    {
        await using var server = await PlainBench.StartAsync(context => answer(context.Response));
        using var going = await server.ConnectAsync();
        // The second request's end shows where the first answer's is.
        await going.SendAsync(StrangeRequests.Usual());
        await going.SendAsync(
            StrangeRequests.Usual().Replace("Host", "Connection: close\r\nHost", StringComparison.Ordinal)
        );
        var both = await going.ReadToEndAsync();
        var second = both.LastIndexOf("HTTP/1.1 ", StringComparison.Ordinal);
        var first = both[..second];
        Assert.Equal(2, server.PlainRequests);
        Assert.Equal(
            WithoutDate(first),
            WithoutDate(both[second..]).Replace("Connection: close\r\n", "", StringComparison.Ordinal)
        );
        return first;
    }

    private static string WithoutDate(string answer) =>
        string.Join('\n', answer.Split('\n').Where(line => !line.StartsWith("Date: ", StringComparison.Ordinal)));
}
