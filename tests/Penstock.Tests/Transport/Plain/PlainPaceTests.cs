using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;

namespace Penstock.Tests.Transport.Plain;

/// <summary>Who is too slow is not waited for. The clock stands still unless a test moves it.</summary>
public sealed class PlainPaceTests
{
    /// <summary>The framework's own, which the bench leaves as they are.</summary>
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);

    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_idle_connection_ends_after_the_keep_alive_time(bool used)
    {
        await using var server = await PlainBench.StartAsync(PlainConnectionTests.CountBytesAsync, _time);
        using var caller = await server.ConnectAsync();
        if (used)
        {
            await PlainConnectionTests.AskAsync(caller, "b");
        }

        await PlainConnectionTests.Eventually(() => server.PlainOnes == 1);
        var passed = await PassUntilAsync(() => server.PlainOnes == 0);
        Assert.True(passed >= KeepAlive, $"after {passed}");
        Assert.Equal("", await caller.ReadToEndAsync());
    }

    [Fact]
    public async Task An_answer_may_take_longer_than_that()
    {
        var goOn = new TaskCompletionSource();
        await using var server = await PlainBench.StartAsync(
            async context =>
            {
                await goOn.Task;
                await PlainConnectionTests.CountBytesAsync(context);
            },
            _time
        );
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual("four"));
        await PlainConnectionTests.Eventually(() => server.PlainRequests == 1);
        _time.Advance(10 * KeepAlive);
        goOn.SetResult();
        await caller.ReadUntilAsync("[4]");
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_refused_and_the_caller_is_told_that_this_was_the_last()
    {
        await using var server = await PlainBench.StartAsync(RefuseSlowBodyAsync, _time);
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual(new string('b', 100))[..^50]);
        await PlainConnectionTests.Eventually(() => server.PlainRequests == 1);
        var passed = await PassUntilAsync(() => server.PlainOnes == 0);
        Assert.True(passed >= Grace, $"after {passed}");
        var answer = await caller.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 408 Request Timeout\r\n", answer, StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("[late]", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_that_the_reader_takes_is_not_the_callers()
    {
        var parts = 0;
        var goOn = new TaskCompletionSource();
        await using var server = await PlainBench.StartAsync(
            async context =>
            {
                while (parts < 2)
                {
                    var part = await context.Request.BodyReader.ReadAsync(Cancel);
                    context.Request.BodyReader.AdvanceTo(part.Buffer.End);
                    parts++;
                }

                await goOn.Task;
                await RefuseSlowBodyAsync(context);
            },
            _time
        );
        using var caller = await server.ConnectAsync();
        var request = StrangeRequests.Usual(new string('b', 100));
        await caller.SendAsync(request[..^50]);
        await PlainConnectionTests.Eventually(() => parts == 1);
        await caller.SendAsync(request[^50..^25]);
        await PlainConnectionTests.Eventually(() => parts == 2);
        _time.Advance(TimeSpan.FromMinutes(10));
        goOn.SetResult();
        await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(4));
        await caller.SendAsync(request[^25..]);
        await caller.ReadUntilAsync("[25]");
    }

    [Fact]
    public async Task The_rest_of_a_refused_body_is_not_waited_for_either()
    {
        await using var server = await PlainBench.StartAsync(
            context => context.Response.WriteAsync("[no]", Cancel),
            _time
        );
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual(new string('b', 100))[..^50]);
        await caller.ReadUntilAsync("\r\n0\r\n\r\n");
        var passed = await PassUntilAsync(() => server.PlainOnes == 0);
        Assert.True(passed >= Grace, $"after {passed}");
        await caller.ReadToTheLastAsync();
    }

    [Fact]
    public async Task A_reader_who_takes_nothing_is_broken_off_and_whoever_answers_is_told()
    {
        var told = new TaskCompletionSource();
        await using var server = await PlainBench.StartAsync(
            async context =>
            {
                var piece = new byte[1 << 20];
                while (!(await context.Response.BodyWriter.WriteAsync(piece, Cancel)).IsCompleted) { }
                await context.RequestAborted.WhenCancelledAsync();
                told.SetResult();
            },
            _time
        );
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        await PlainConnectionTests.Eventually(() => server.PlainRequests == 1);
        var passed = await PassUntilAsync(() => server.PlainOnes == 0);
        Assert.True(passed >= Grace, $"after {passed}");
        await told.Task.WaitAsync(Cancel);
    }

    /// <summary>Lets time pass until it has happened.</summary>
    /// <returns>How much of it has passed.</returns>
    private async Task<TimeSpan> PassUntilAsync(Func<bool> happened)
    {
        var passed = TimeSpan.Zero;
        while (!happened())
        {
            Cancel.ThrowIfCancellationRequested();
            _time.Advance(Heartbeat.Period);
            passed += Heartbeat.Period;
            await Task.Yield();
        }

        return passed;
    }

    private static async Task RefuseSlowBodyAsync(HttpContext context)
    {
        try
        {
            await PlainConnectionTests.CountBytesAsync(context);
        }
        catch (BadHttpRequestException late)
        {
            context.Response.StatusCode = late.StatusCode;
            context.Response.ContentLength = 6;
            await context.Response.BodyWriter.WriteAsync("[late]"u8.ToArray(), Cancel);
        }
    }
}
