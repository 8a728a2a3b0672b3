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

/// <summary><c>Idempotency-Key</c> as its callers meet it: one generation, one bill, whoever comes, leaves or is slow.</summary>
public sealed class IdempotencyTests
{
    private const string Billed = "SELECT count(*) FROM requests WHERE completion_tokens > 0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_same_again_is_the_same_answer_and_neither_generated_nor_billed(bool stream)
    {
        await using var test = await StartAsync();
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
    public async Task A_hundred_twins_at_the_same_time_cost_one_generation(bool stream)
    {
        await using var test = await StartAsync(with: grant => grant with { Burst = 100 });

        var twins = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => test.SendAsync(stream, "[[sim tokens=40 itl=2ms]]")));

        Assert.All(twins, twin => Assert.Equal((200, twins[0].Body), (twin.Status, twin.Body)));
        Assert.Equal(99, twins.Count(twin => twin.IsReplayed));
        Assert.Equal(1, test.Engine.Counters.Generations);
        await test.EndingsAsync(100);
        var ledger = await test.Gateway.ReadLedgerAsync();
        Assert.Equal(1, ledger.Number(Billed));
        Assert.Equal(40, ledger.Number("SELECT sum(completion_tokens) FROM requests"));
    }

    [Fact]
    public async Task A_twin_of_a_stream_hears_it_from_the_first_byte_while_it_goes_on()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var body = IdempotentCall.Chat(stream: true);
        var asked = IdempotentCall.OpenAsync(gateway, body, default);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(Head + Event("one"));
        using var first = await asked;

        using var twin = await IdempotentCall.OpenAsync(gateway, body, default);
        await using var heard = await twin.Content.ReadAsStreamAsync(Stop);
        Assert.Equal(Event("one"), await ReadAsync(heard, Event("one").Length));

        await connection.SendAsync(Event("two") + End);
        Assert.EndsWith("data: [DONE]\n\n", await new StreamReader(heard).ReadToEndAsync(Stop), StringComparison.Ordinal);
        Assert.False((await IdempotentCall.ReadAsync(first)).IsReplayed);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Another_body_under_the_key_is_a_conflict_during_the_generation_and_after_it(bool stream)
    {
        await using var test = await StartAsync();
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var running = test.SendAsync(stream, hangUp: hangUp.Token);
        await Until(() => test.Engine.Counters.Running == 1);
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
        await using var test = await StartAsync(settings: new() { ["Idempotency:AnswerBytes"] = "1000" });

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
        await using var test = await StartAsync(deploy: one => one with { Attempts = 1, Continuity = Continuity.Off });
        test.Engine.SetFaults(fault);
        var failed = await test.SendAsync(stream);
        test.Engine.SetFaults("");

        var again = await test.SendAsync(stream);

        Assert.Contains("\"error\"", failed.Body, StringComparison.Ordinal);
        Assert.Equal((200, false), (again.Status, again.IsReplayed));
        Assert.Equal(again.Body, (await test.SendAsync(stream)).Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_waited_for_a_generation_that_fails_is_told_the_same_and_asks_nobody_else(bool stream)
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Attempts = 1,
            },
        ]);
        var body = IdempotentCall.Chat(stream);
        var first = IdempotentCall.SendAsync(gateway, body);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        var twins = Enumerable.Range(0, 5).Select(_ => IdempotentCall.SendAsync(gateway, body)).ToList();
        await Until(() => gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 5);
        const string Failure = """{"error":{"message":"out of memory"}}""";

        await connection.SendAsync(
            $"HTTP/1.1 500 X\r\nContent-Type: application/json\r\nContent-Length: {Failure.Length}\r\n\r\n{Failure}"
        );

        var told = await first;
        Assert.Equal((500, "engine_error"), (told.Status, told.Code));
        Assert.All(await Task.WhenAll(twins), twin => Assert.Equal((500, told.Body), (twin.Status, twin.Body)));
        Assert.Equal(0, gateway.Recordings.Bytes);
        Assert.Equal(0, (await gateway.ReadLedgerAsync()).Number(Billed));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_generation_goes_on_for_the_twins_when_its_first_caller_leaves_and_is_billed_once(bool stream)
    {
        await using var test = await StartAsync();
        const string Slow = "[[sim tokens=60 itl=5ms]]";
        using var hangUp = new CancellationTokenSource();
        var first = test.SendAsync(stream, Slow, hangUp.Token);
        await Until(() => test.Engine.Counters.Running == 1);
        var twins = Enumerable.Range(0, 3).Select(_ => test.SendAsync(stream, Slow)).ToList();
        await Until(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 3);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var heard = await Task.WhenAll(twins);
        Assert.All(heard, twin => Assert.Equal((200, true, heard[0].Body), (twin.Status, twin.IsReplayed, twin.Body)));
        Assert.Equal((1L, 0L), (test.Engine.Counters.Generations, test.Engine.Counters.Aborted));
        Assert.Equal(heard[0].Body, (await test.SendAsync(stream, Slow)).Body);
        Assert.Equal(1, (await test.EndingsAsync(5)).Count(ending => ending == "client_gone 499"));
        var ledger = await test.Gateway.ReadLedgerAsync();
        Assert.Equal(60, ledger.Number("SELECT sum(completion_tokens) FROM requests"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_last_listener_leaves_the_generation_ends_and_the_next_request_begins_anew(bool stream)
    {
        await using var test = await StartAsync();
        test.Engine.SetFaults("tokens=500 itl=1m");
        using var hangUp = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => test.SendAsync(stream, hangUp: hangUp.Token)).ToList();
        await Until(() => test.Engine.Counters.Running == 1);
        await Until(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 2);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(callers));
        await Until(() => test.Engine.Counters.Running == 0);
        Assert.All(await test.EndingsAsync(3), ending => Assert.Equal("client_gone 499", ending));
        test.Engine.SetFaults("");
        var next = await test.SendAsync(stream);
        Assert.Equal((200, false), (next.Status, next.IsReplayed));
    }

    [Fact]
    public async Task A_request_that_waits_for_a_slot_takes_its_twins_along()
    {
        await using var test = await StartAsync(deploy: one =>
            one with
            {
                Limits = new DeploymentLimits { MaxConcurrency = 1, Queue = 1 },
            }
        );
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var other = IdempotentCall.SendAsync(test.Gateway, IdempotentCall.Chat(false), hangUp.Token, "other");
        await Until(() => test.Engine.Counters.Running == 1);
        var waiting = test.SendAsync(true);
        await Until(() => test.Gateway.Router.Table.Routes[0].Admission.Waiting == 1);
        // The queue holds one: a second generation would be refused.
        var twin = test.SendAsync(true);
        await Until(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 1);
        test.Engine.SetFaults("");

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        Assert.Equal((await waiting).Body, (await twin).Body);
    }

    [Theory]
    [InlineData("")]
    [InlineData("naïve")]
    [InlineData("one\r\nIdempotency-Key: two")]
    [InlineData("256")]
    public async Task A_key_that_cannot_be_used_is_refused(string key)
    {
        await using var test = await StartAsync();
        using var socket = await AskAsync(
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
        await using var test = await StartAsync(with: grant =>
            grant with
            {
                Limits = new() { ConcurrentRequests = 1 },
            }
        );
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var running = test.SendAsync(true, hangUp: hangUp.Token);
        await Until(() => test.Engine.Counters.Running == 1);

        var attached = test.SendAsync(true, hangUp: hangUp.Token);
        await Until(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 1);
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
    public async Task A_first_caller_who_reads_nothing_holds_up_no_twin()
    {
        await using var test = await StartAsync(settings: new() { ["Idempotency:AnswerBytes"] = "67108864" });
        // More than the buffers between the gateway and a caller who does not read.
        const string Long = "[[sim tokens=20000 itl=0ms]]";
        using var first = await AskAsync(test.Gateway, IdempotentCall.Chat(true, Long));
        await Until(() => test.Engine.Counters.Running == 1);

        var twin = await test.SendAsync(true, Long);

        Assert.Equal((200, true), (twin.Status, twin.IsReplayed));
        Assert.True(twin.Body.Length > 3 << 20, "the answer is to be longer than what the system buffers");
        Assert.EndsWith("data: [DONE]\n\n", twin.Body, StringComparison.Ordinal);
        // And has lost nothing by it.
        using var late = new MemoryStream();
        await new NetworkStream(first).CopyToAsync(late, Stop);
        var text = Encoding.ASCII.GetString(late.ToArray());
        Assert.EndsWith("0\r\n\r\n", text, StringComparison.Ordinal);
        Assert.Equal(twin.Body, Unchunked(text));
        Assert.Equal(["replayed 200", "completed 200"], await test.EndingsAsync(2));
    }

    [Fact]
    public async Task A_day_later_the_key_is_free()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
        await using var test = await StartAsync(time: time);
        var first = await test.SendAsync(false);
        time.Advance(TimeSpan.FromHours(23.9));
        Assert.Equal(first.Body, (await test.SendAsync(false)).Body);

        time.Advance(TimeSpan.FromHours(0.2));

        Assert.False((await test.SendAsync(false, "something else")).IsReplayed);
        Assert.Equal(2, test.Engine.Counters.Generations);
    }

    private const string Head = "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    private const string End =
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

    private static string Event(string text) =>
        $$"""data: {"choices":[{"index":0,"delta":{"content":"{{text}}"},"finish_reason":null}]}""" + "\n\n";

    private static async Task<string> ReadAsync(Stream stream, int length)
    {
        var bytes = new byte[length];
        await stream.ReadExactlyAsync(bytes, Stop);
        return Encoding.ASCII.GetString(bytes);
    }

    /// <summary>The body of an answer in chunks.</summary>
    private static string Unchunked(string text)
    {
        var rest = text.AsSpan(text.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4);
        var body = new StringBuilder();
        while (true)
        {
            var line = rest.IndexOf("\r\n", StringComparison.Ordinal);
            var size = int.Parse(rest[..line], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (size == 0)
            {
                return body.ToString();
            }

            body.Append(rest.Slice(line + 2, size));
            rest = rest[(line + 2 + size + 2)..];
        }
    }

    /// <summary>A caller who asks and then does not read.</summary>
    private static async Task<Socket> AskAsync(GatewayInProcess gateway, string body, string key = "key")
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, gateway.Client.BaseAddress!.Port), Stop);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"""
            POST /v1/chat/completions HTTP/1.1
            Host: x
            Authorization: Bearer {GatewayInProcess.Secret}
            Idempotency-Key: {key}
            Content-Type: application/json
            Content-Length: {body.Length}
            Connection: close


            """
        );
        await socket.SendAsync(Encoding.UTF8.GetBytes(head.ReplaceLineEndings("\r\n") + body), Stop);
        return socket;
    }

    private static async Task<Bench> StartAsync(
        Dictionary<string, string?>? settings = null,
        Func<KeyGrant, KeyGrant>? with = null,
        Func<Deployment, Deployment>? deploy = null,
        TimeProvider? time = null
    )
    {
        var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        var deployment = GatewayInProcess.Deploy("m", engine.Url) with
        {
            Timeouts = new DeploymentTimeouts { FirstByte = TimeSpan.FromHours(2), Idle = TimeSpan.FromHours(2) },
        };
        var gateway = await GatewayInProcess.StartAsync(
            [deploy?.Invoke(deployment) ?? deployment],
            time,
            settings,
            with
        );
        return new Bench(engine, gateway);
    }

    private static async Task Until(Func<bool> condition)
    {
        while (!condition())
        {
            Stop.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private sealed record Bench(SimulatorServer Engine, GatewayInProcess Gateway) : IAsyncDisposable
    {
        public Task<IdempotentCall> SendAsync(bool stream, string content = "hi", CancellationToken hangUp = default) =>
            IdempotentCall.SendAsync(Gateway, IdempotentCall.Chat(stream, content), hangUp);

        /// <summary>When so many requests have ended: how.</summary>
        public async Task<List<string>> EndingsAsync(int count)
        {
            await Until(() => Gateway.Endings.Count() >= count);
            return [.. Gateway.Endings];
        }

        public async ValueTask DisposeAsync()
        {
            await Gateway.DisposeAsync();
            await Engine.DisposeAsync();
        }
    }
}
