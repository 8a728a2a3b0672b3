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

/// <summary>Requests with one key at the same time: one generation, one bill, whoever comes, leaves or is slow.</summary>
public sealed class TwinTests
{
    private const string Billed = "SELECT count(*) FROM requests WHERE completion_tokens > 0";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_hundred_twins_at_the_same_time_cost_one_generation(bool stream)
    {
        await using var test = await IdempotentBench.StartAsync(with: grant => grant with { Burst = 100 });

        var twins = await Task.WhenAll(
            Enumerable.Range(0, 100).Select(_ => test.SendAsync(stream, "[[sim tokens=40 itl=2ms]]"))
        );

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
        Assert.EndsWith(
            "data: [DONE]\n\n",
            await new StreamReader(heard).ReadToEndAsync(Stop),
            StringComparison.Ordinal
        );
        Assert.False((await IdempotentCall.ReadAsync(first)).IsReplayed);
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
        await IdempotentBench.UntilAsync(() => gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 5);
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
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var body = IdempotentCall.Chat(stream);
        using var hangUp = new CancellationTokenSource();
        var first = IdempotentCall.SendAsync(gateway, body, hangUp.Token);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        var twins = Enumerable.Range(0, 3).Select(_ => IdempotentCall.SendAsync(gateway, body)).ToList();
        await IdempotentBench.UntilAsync(() => gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 3);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        await connection.SendAsync(stream ? Head + Event("one") + UsedSixty + End : Json);

        var heard = await Task.WhenAll(twins);
        Assert.All(heard, twin => Assert.Equal((200, true, heard[0].Body), (twin.Status, twin.IsReplayed, twin.Body)));
        Assert.Equal(heard[0].Body, (await IdempotentCall.SendAsync(gateway, body)).Body);
        await IdempotentBench.UntilAsync(() => gateway.Endings.Count() == 5);
        // Whether the first one's leaving or the answer is seen first is the network's to say.
        Assert.Equal(4, gateway.Endings.Count(ending => ending == "replayed 200"));
        Assert.Equal(60, (await gateway.ReadLedgerAsync()).Number("SELECT sum(completion_tokens) FROM requests"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task When_the_last_listener_leaves_the_generation_ends_and_the_next_request_begins_anew(bool stream)
    {
        await using var test = await IdempotentBench.StartAsync();
        test.Engine.SetFaults("tokens=500 itl=1m");
        using var hangUp = new CancellationTokenSource();
        var callers = Enumerable.Range(0, 3).Select(_ => test.SendAsync(stream, hangUp: hangUp.Token)).ToList();
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 1);
        await IdempotentBench.UntilAsync(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 2);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(callers));
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 0);
        Assert.All(await test.EndingsAsync(3), ending => Assert.Equal("client_gone 499", ending));
        test.Engine.SetFaults("");
        var next = await test.SendAsync(stream);
        Assert.Equal((200, false), (next.Status, next.IsReplayed));
    }

    [Fact]
    public async Task A_request_that_waits_for_a_slot_takes_its_twins_along()
    {
        await using var test = await IdempotentBench.StartAsync(deploy: one =>
            one with
            {
                Limits = new DeploymentLimits { MaxConcurrency = 1, Queue = 1 },
            }
        );
        test.Engine.SetFaults("ttft=60m");
        using var hangUp = new CancellationTokenSource();
        var other = IdempotentCall.SendAsync(test.Gateway, IdempotentCall.Chat(false), hangUp.Token, "other");
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 1);
        var waiting = test.SendAsync(true);
        await IdempotentBench.UntilAsync(() => test.Gateway.Router.Table.Routes[0].Admission.Waiting == 1);
        // The queue holds one: a second generation would be refused.
        var twin = test.SendAsync(true);
        await IdempotentBench.UntilAsync(() => test.Gateway.Recordings.TwinsOf(GatewayInProcess.Workspace, "key") == 1);
        test.Engine.SetFaults("");

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => other);
        Assert.Equal((await waiting).Body, (await twin).Body);
    }

    [Fact]
    public async Task A_first_caller_who_reads_nothing_holds_up_no_twin()
    {
        await using var test = await IdempotentBench.StartAsync(
            settings: new() { ["Idempotency:AnswerBytes"] = "67108864" }
        );
        // More than the buffers between the gateway and a caller who does not read.
        const string Long = "[[sim tokens=20000 itl=0ms]]";
        using var first = await IdempotentBench.AskAsync(test.Gateway, IdempotentCall.Chat(true, Long));
        await IdempotentBench.UntilAsync(() => test.Engine.Counters.Running == 1);

        var twin = await test.SendAsync(true, Long);

        Assert.Equal((200, true), (twin.Status, twin.IsReplayed));
        Assert.True(twin.Body.Length > 3 << 20, "the answer is to be longer than what the system buffers");
        Assert.EndsWith("data: [DONE]\n\n", twin.Body, StringComparison.Ordinal);
        // And has lost nothing by it.
        using var late = new MemoryStream();
        await new NetworkStream(first).CopyToAsync(late, Stop);
        Assert.Equal(twin.Body, IdempotentBench.Unchunked(Encoding.Latin1.GetString(late.ToArray())));
        Assert.Equal(["replayed 200", "completed 200"], await test.EndingsAsync(2));
    }

    private const string Head = "HTTP/1.1 200 X\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

    private const string UsedSixty =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":60}}\n\n";

    private const string Json =
        "HTTP/1.1 200 X\r\nContent-Type: application/json\r\nContent-Length: 67\r\n\r\n"
        + """{"choices":[],"usage":{"prompt_tokens":10,"completion_tokens": 60}}""";

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
}
