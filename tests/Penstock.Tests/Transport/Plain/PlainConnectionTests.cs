using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Penstock.Tests.Simulator;

namespace Penstock.Tests.Transport.Plain;

/// <summary>The life of a connection: many requests, bodies in every form, and every way to leave.</summary>
public sealed class PlainConnectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_requests_one_after_the_other()
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        using var caller = await server.ConnectAsync();
        for (var i = 0; i < 300; i++)
        {
            Assert.Equal($"{i}", await AskAsync(caller, new string('b', i)));
        }

        Assert.Equal(300, server.PlainRequests);
    }

    [Fact]
    public async Task A_hundred_at_once()
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        using var caller = await server.ConnectAsync();
        var requests = Enumerable.Range(0, 100).Select(i => StrangeRequests.Usual(new string('b', i)));
        await caller.SendAsync(string.Concat(requests));
        for (var i = 0; i < 100; i++)
        {
            await caller.ReadUntilAsync($"\r\n\r\n[{i}]");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65_535)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(131_072)]
    [InlineData(1_000_000)]
    public async Task A_body_of_that_many_bytes_in_one_piece(int length)
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        using var caller = await server.ConnectAsync();
        Assert.Equal($"{length}", await AskAsync(caller, new string('b', length)));
        Assert.Equal("3", await AskAsync(caller, "bbb"));
        Assert.Equal(2, server.PlainRequests);
    }

    [Fact]
    public async Task A_request_that_ends_where_a_read_does_and_around_it()
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        using var caller = await server.ConnectAsync();
        var head = StrangeRequests.Usual(new string('b', 65_000)).Length - 65_000;
        for (var length = 65_536 - head - 3; length <= 65_536 - head + 3; length++)
        {
            await caller.SendAsync(StrangeRequests.Usual(new string('b', length)) + StrangeRequests.Usual("next"));
            await caller.ReadUntilAsync($"[{length}]");
            await caller.ReadUntilAsync("[4]");
            caller.Forget();
        }
    }

    [Fact]
    public async Task A_body_byte_by_byte_behind_its_head()
    {
        await using var server = await PlainBench.StartAsync(Echo.AnswerAsync);
        using var caller = await server.ConnectAsync();
        const string body = "{\"model\": \"slowly\"}";
        var request = StrangeRequests.Usual(body);
        await caller.SendAsync(request[..^body.Length]);
        foreach (var one in body)
        {
            await caller.SendAsync(one.ToString());
            await Task.Yield();
        }

        await caller.ReadUntilAsync("slowly");
        Assert.Equal(1, server.PlainRequests);
    }

    [Fact]
    public async Task A_reader_that_takes_a_part_finds_the_rest()
    {
        var parts = new List<string>();
        await using var server = await PlainBench.StartAsync(async context =>
        {
            var reader = context.Request.BodyReader;
            while (true)
            {
                // Three bytes at a time, which have to be seen before more is read.
                var read = await reader.ReadAtLeastAsync(3, Cancel);
                var part = read.Buffer.Slice(0, Math.Min(3, read.Buffer.Length));
                parts.Add(Encoding.ASCII.GetString(part));
                reader.AdvanceTo(part.End);
                if (read.IsCompleted && read.Buffer.Length <= 3)
                {
                    break;
                }
            }

            await context.Response.WriteAsync("done", Cancel);
        });
        using var caller = await server.ConnectAsync();
        var request = StrangeRequests.Usual("abcdefgh");
        await caller.SendAsync(request[..^8] + "a");
        await caller.SendAsync("bcd");
        await caller.SendAsync("efgh");
        await caller.ReadUntilAsync("done");
        Assert.Equal(["abc", "def", "gh"], parts);
    }

    [Fact]
    public async Task A_body_through_the_stream_of_the_request()
    {
        var read = "";
        await using var server = await PlainBench.StartAsync(async context =>
        {
            read = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancel);
            await context.Response.WriteAsync("done", Cancel);
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual("a body"));
        await caller.ReadUntilAsync("done");
        Assert.Equal("a body", read);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(10_000_000)]
    public async Task A_refused_request_whose_body_nobody_read(int length)
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            context.Response.StatusCode = 401;
            await context.Response.BodyWriter.WriteAsync("[no]"u8.ToArray(), Cancel);
        });
        using var caller = await server.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var sending = caller.SendAsync(StrangeRequests.Usual(new string('b', length)));
            await caller.ReadUntilAsync("[no]");
            await sending;
            caller.Forget();
        }

        // The last one's body is read, too, before the connection ends: no reset overtakes the answer.
        var last = StrangeRequests.Usual(new string('b', length));
        await caller.SendAsync(last.Replace("Host", "Connection: close\r\nHost", StringComparison.Ordinal));
        Assert.Contains("Connection: close", await caller.ReadToEndAsync(), StringComparison.Ordinal);
        Assert.Equal(3, server.PlainRequests);
    }

    [Theory]
    [InlineData("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("HEAD /v1/chat/completions HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc"
    )]
    public async Task What_is_not_plain_goes_to_Kestrel_with_its_connection(string other)
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        using var caller = await server.ConnectAsync();
        for (var i = 0; i < 5; i++)
        {
            await AskAsync(caller, "b");
        }

        await caller.SendAsync(other + StrangeRequests.Usual("four"));
        await caller.ReadUntilAsync("[4]");
        caller.Forget();
        Assert.Equal("5", await AskAsync(caller, "later"));
        Assert.Equal(5, server.PlainRequests);
        Assert.Equal(0, server.PlainOnes);
        Assert.Equal(0, server.Beating);
    }

    [Fact]
    public async Task A_caller_who_leaves_in_the_middle_of_the_body()
    {
        var ended = new TaskCompletionSource<Exception>();
        await using var server = await PlainBench.StartAsync(async context =>
        {
            try
            {
                await Echo.ReadAsync(context.Request.BodyReader);
            }
            catch (Exception e)
            {
                await context.RequestAborted.WhenCancelledAsync();
                ended.SetResult(e);
            }
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual(new string('b', 100))[..^50]);
        await Eventually(() => server.PlainRequests == 1);
        caller.Dispose();
        Assert.IsType<ConnectionResetException>(await ended.Task.WaitAsync(Cancel));
        await Eventually(() => server.PlainOnes == 0);
    }

    [Theory]
    [InlineData("close")]
    [InlineData("reset")]
    [InlineData("half-close")]
    public async Task A_caller_who_leaves_while_the_answer_is_made(string how)
    {
        await using var server = await PlainBench.StartAsync(context => context.RequestAborted.WhenCancelledAsync());
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        await Eventually(() => server.PlainRequests == 1);
        switch (how)
        {
            case "close":
                caller.Dispose();
                break;
            case "reset":
                caller.Reset();
                break;
            default:
                caller.CloseSending();
                // Nobody has answered: that must not look like an empty answer.
                Assert.Equal("", await caller.ReadToTheLastAsync());
                break;
        }

        await Eventually(() => server.PlainOnes == 0);
    }

    [Fact]
    public async Task A_caller_who_only_sends_no_more_does_not_take_half_an_answer_for_the_whole()
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            await context.Response.WriteAsync("half", Cancel);
            await context.RequestAborted.WhenCancelledAsync();
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        await caller.ReadUntilAsync("half");
        caller.CloseSending();
        Assert.DoesNotContain("0\r\n\r\n", await caller.ReadToTheLastAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_sends_no_more_with_the_request_itself_has_left()
    {
        await using var server = await PlainBench.StartAsync(context => context.RequestAborted.WhenCancelledAsync());
        for (var i = 0; i < 50; i++)
        {
            using var caller = await server.ConnectAsync();
            await caller.SendAsync(StrangeRequests.Usual());
            caller.CloseSending();
            Assert.Equal("", await caller.ReadToTheLastAsync());
        }

        await Eventually(() => server.PlainOnes == 0);
    }

    [Fact]
    public async Task One_who_connects_and_leaves_without_a_word()
    {
        await using var server = await PlainBench.StartAsync(CountBytesAsync);
        for (var i = 0; i < 50; i++)
        {
            (await server.ConnectAsync()).Dispose();
            (await server.ConnectAsync()).Reset();
        }

        using var caller = await server.ConnectAsync();
        Assert.Equal("2", await AskAsync(caller, "ok"));
        caller.Dispose();
        await Eventually(() => server.PlainOnes == 0);
    }

    internal static async Task CountBytesAsync(HttpContext context)
    {
        var body = await Echo.ReadAsync(context.Request.BodyReader);
        var text = Encoding.ASCII.GetBytes($"[{body.Length}]");
        context.Response.ContentLength = text.Length;
        await context.Response.BodyWriter.WriteAsync(text, Cancel);
    }

    internal static async Task<string> AskAsync(RawConnection caller, string body)
    {
        await caller.SendAsync(StrangeRequests.Usual(body));
        var answer = await caller.ReadUntilAsync("]");
        caller.Forget();
        return answer[(answer.IndexOf('[') + 1)..^1];
    }

    /// <summary>Waits without a clock: the loop's thread needs its turn, no particular time.</summary>
    internal static async Task Eventually(Func<bool> condition)
    {
        while (!condition())
        {
            Cancel.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
