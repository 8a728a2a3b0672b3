using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Penstock.Keys;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary><c>Idempotency-Key</c> as its callers meet it: what is answered again, what is refused, what is kept.</summary>
public sealed class IdempotencyTests
{
    private const string Billed = "SELECT count(*) FROM requests WHERE completion_tokens > 0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_again_is_the_same_answer_and_neither_generated_nor_billed(bool stream)
    {
        await using var test = await IdempotentBench.StartAsync();
        var first = await test.SendAsync(stream);

        var second = await test.SendAsync(stream);

        Assert.Equal((200, false), (first.Status, first.IsReplayed));
        Assert.Equal((200, true), (second.Status, second.IsReplayed));
        Assert.Equal(first.Body, second.Body);
        Assert.Equal(first.RequestId, second.Header("Idempotency-Replayed-From"));
        Assert.NotEqual(first.RequestId, second.RequestId);
        foreach (var name in (string[])["X-Model-Used", "X-Route-Model", "X-Backend", "X-Deployment-Id"])
        {
            Assert.Equal(first.Header(name), second.Header(name));
        }

        // It counts as a request of the limit, as every call of a key does.
        Assert.Equal("498", second.Header("X-RateLimit-Remaining"));
        Assert.Equal(1, test.Engine.Counters.Generations);
        Assert.Equal(["completed 200", "replayed 200"], await test.EndingsAsync(2));
        var ledger = await test.Gateway.ReadLedgerAsync();
        Assert.Equal(1, ledger.Number(Billed));
        Assert.Equal(0, ledger.Number("SELECT sum(cost) FROM requests WHERE ending = 'replayed' AND failed = 0"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_body_under_the_key_is_a_conflict_during_the_generation_and_after_it(bool stream)
    {
        await using var test = await IdempotentBench.StartAsync();
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var running = test.SendAsync(stream, hangUp: hangUp.Token);
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 1);
        var during = await test.SendAsync(stream, "something else");
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await test.EndingsAsync(2);
        test.Engine.SetFaults("");
        Assert.Equal(200, (await test.SendAsync(stream)).Status);

        // Asking for a stream instead is another body too.
        var after = await test.SendAsync(!stream);

        foreach (var conflict in (IdempotentCall[])[during, after])
        {
            Assert.Equal((409, "idempotency_key_reused"), (conflict.Status, conflict.Code));
            // The official libraries would send a 409 again and again.
            Assert.Equal("false", conflict.Header("x-should-retry"));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_answer_too_large_to_keep_reaches_its_caller_and_nobody_else(bool stream)
    {
        await using var test = await IdempotentBench.StartAsync(
            settings: new() { ["Idempotency:AnswerBytes"] = "1000" }
        );

        var first = await test.SendAsync(stream, "[[sim tokens=400]]");
        var second = await test.SendAsync(stream, "[[sim tokens=400]]");

        Assert.Equal(200, first.Status);
        Assert.EndsWith(stream ? "data: [DONE]\n\n" : "}", first.Body, StringComparison.Ordinal);
        Assert.Equal((422, "idempotency_replay_unavailable"), (second.Status, second.Code));
        Assert.Equal("false", second.Header("x-should-retry"));
        Assert.Equal(1, test.Engine.Counters.Generations);
        Assert.Equal(409, (await test.SendAsync(stream)).Status);
    }

    [Theory]
    [InlineData(true, "status=500")]
    [InlineData(false, "status=500")]
    [InlineData(false, "status=400")]
    [InlineData(true, "cut=3")]
    public async Task Failures_are_not_kept(bool stream, string fault)
    {
        await using var test = await IdempotentBench.StartAsync(deploy: one =>
            one with
            {
                Attempts = 1,
                Continuity = Continuity.Off,
            }
        );
        test.Engine.SetFaults(fault);
        var failed = await test.SendAsync(stream);
        test.Engine.SetFaults("");

        var again = await test.SendAsync(stream);

        Assert.Contains("\"error\"", failed.Body, StringComparison.Ordinal);
        Assert.Equal((200, false), (again.Status, again.IsReplayed));
        Assert.Equal(again.Body, (await test.SendAsync(stream)).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("one\r\nIdempotency-Key: two")]
    [InlineData("256")]
    public async Task A_key_that_cannot_be_used_is_refused(string key)
    {
        await using var test = await IdempotentBench.StartAsync();
        using var socket = await IdempotentBench.AskAsync(
            test.Gateway,
            IdempotentCall.Chat(false),
            key == "256" ? new string('x', 256) : key
        );
        using var heard = new MemoryStream();
        await new NetworkStream(socket).CopyToAsync(heard, Stop);
        var answer = Encoding.UTF8.GetString(heard.ToArray());

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("Send one 'Idempotency-Key' of 1 to 255 printable", answer, StringComparison.Ordinal);
        Assert.Equal(0, test.Engine.Counters.Generations);
    }

    [Fact]
    public async Task A_replay_reserves_nothing_and_a_first_that_may_not_spend_keeps_nothing()
    {
        await using var test = await IdempotentBench.StartAsync(with: grant =>
            grant with
            {
                Limits = new() { ConcurrentRequests = 1 },
            }
        );
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var running = test.SendAsync(true, hangUp: hangUp.Token);
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 1);

        var attached = test.SendAsync(true, hangUp: hangUp.Token);
        await IdempotentBench.UntilAsync(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 1);
        var refused = await IdempotentCall.SendAsync(test.Gateway, IdempotentCall.Chat(true), default, "other");

        Assert.Equal(429, refused.Status);
        Assert.Equal(0, test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "other"));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(running, attached));
        await test.EndingsAsync(3);
        test.Engine.SetFaults("");
        var later = await IdempotentCall.SendAsync(test.Gateway, IdempotentCall.Chat(true), default, "other");
        Assert.Equal((200, false), (later.Status, later.IsReplayed));
    }

    [Fact]
    public async Task A_day_later_the_key_is_free()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
        await using var test = await IdempotentBench.StartAsync(time: time);
        var first = await test.SendAsync(false);
        time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(first.Body, (await test.SendAsync(false)).Body);

        time.Advance(TimeSpan.FromHours(0.2));

        Assert.False((await test.SendAsync(false, "something else")).IsReplayed);
        Assert.Equal(2, test.Engine.Counters.Generations);
    }
}
