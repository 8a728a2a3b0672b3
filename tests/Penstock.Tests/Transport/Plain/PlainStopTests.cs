using Microsoft.AspNetCore.Http;

namespace Penstock.Tests.Transport.Plain;

/// <summary>How a server that stops takes leave of the callers that it serves itself.</summary>
public sealed class PlainStopTests
{
    private readonly TaskCompletionSource _goOn = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Idle_connections_end_at_once()
    {
        await using var server = await PlainBench.StartAsync(PlainConnectionTests.CountBytesAsync);
        using var fresh = await server.ConnectAsync();
        using var used = await server.ConnectAsync();
        await PlainConnectionTests.AskAsync(used, "b");
        await PlainConnectionTests.Eventually(() => server.PlainOnes == 2);
        await server.StopAsync(Cancel);
        Assert.Equal("", await fresh.ReadToEndAsync());
        Assert.Equal("", await used.ReadToEndAsync());
    }

    [Fact]
    public async Task An_answer_that_has_not_begun_says_that_it_is_the_last()
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            await _goOn.Task;
            await PlainConnectionTests.CountBytesAsync(context);
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual("four"));
        await PlainConnectionTests.Eventually(() => server.PlainRequests == 1);
        var stopping = server.StopAsync(Cancel);
        _goOn.SetResult();
        var answer = await caller.ReadToEndAsync();
        Assert.Contains("\r\nConnection: close\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("[4]", answer, StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task One_that_has_begun_is_finished_and_its_connection_ends()
    {
        await using var server = await PlainBench.StartAsync(AnswerInTwoPartsAsync);
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        await caller.ReadUntilAsync("first");
        var stopping = server.StopAsync(Cancel);
        _goOn.SetResult();
        Assert.EndsWith("last\r\n0\r\n\r\n", await caller.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task So_are_many_and_none_is_lost()
    {
        await using var server = await PlainBench.StartAsync(AnswerInTwoPartsAsync);
        var callers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => server.ConnectAsync()));
        await Task.WhenAll(callers.Select(caller => caller.SendAsync(StrangeRequests.Usual())));
        await Task.WhenAll(callers.Select(caller => caller.ReadUntilAsync("first")));
        var stopping = server.StopAsync(Cancel);
        _goOn.SetResult();
        var answers = await Task.WhenAll(callers.Select(caller => caller.ReadToEndAsync()));
        Assert.All(answers, answer => Assert.EndsWith("last\r\n0\r\n\r\n", answer, StringComparison.Ordinal));
        await stopping;
        Array.ForEach(callers, caller => caller.Dispose());
    }

    [Fact]
    public async Task A_body_that_is_still_coming_is_waited_for()
    {
        await using var server = await PlainBench.StartAsync(PlainConnectionTests.CountBytesAsync);
        using var caller = await server.ConnectAsync();
        var request = StrangeRequests.Usual("four");
        await caller.SendAsync(request[..^2]);
        await PlainConnectionTests.Eventually(() => server.PlainRequests == 1);
        var stopping = server.StopAsync(Cancel);
        await caller.SendAsync(request[^2..]);
        Assert.EndsWith("[4]", await caller.ReadToEndAsync(), StringComparison.Ordinal);
        await stopping;
    }

    [Fact]
    public async Task Idle_ones_do_not_wait_for_a_caller_of_Kestrels()
    {
        await using var server = await PlainBench.StartAsync(AnswerInTwoPartsAsync);
        using var kestrels = await server.ConnectAsync();
        await kestrels.SendAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        await kestrels.ReadUntilAsync("first");
        using var idle = await server.ConnectAsync();
        await PlainConnectionTests.Eventually(() => server.PlainOnes == 1);
        var stopping = server.StopAsync(Cancel);
        Assert.Equal("", await idle.ReadToEndAsync());
        Assert.False(stopping.IsCompleted);
        _goOn.SetResult();
        await kestrels.ReadUntilAsync("last");
        await stopping;
    }

    [Fact]
    public async Task What_has_not_ended_with_the_grace_period_is_broken_off()
    {
        await using var server = await PlainBench.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first", Cancel);
            await context.RequestAborted.WhenCancelledAsync();
        });
        using var caller = await server.ConnectAsync();
        await caller.SendAsync(StrangeRequests.Usual());
        await caller.ReadUntilAsync("first");
        using var grace = new CancellationTokenSource();
        var stopping = server.StopAsync(grace.Token);
        Assert.False(stopping.IsCompleted);
        await grace.CancelAsync();
        await stopping;
        Assert.DoesNotContain("0\r\n\r\n", await caller.ReadToTheLastAsync(), StringComparison.Ordinal);
        await PlainConnectionTests.Eventually(() => server.PlainOnes == 0);
    }

    private async Task AnswerInTwoPartsAsync(HttpContext context)
    {
        await context.Response.WriteAsync("first", Cancel);
        await context.Response.BodyWriter.FlushAsync(Cancel);
        await _goOn.Task;
        await context.Response.WriteAsync("last", Cancel);
    }
}
