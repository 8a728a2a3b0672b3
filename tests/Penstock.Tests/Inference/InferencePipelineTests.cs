using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Penstock.Primitives;
using Penstock.Routing;
using Penstock.Simulator;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

public sealed class InferencePipelineTests
{
    private const string Hello = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private const string HelloStream = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private const string StreamHead =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private const string Chunk =
        """data: {"id":"c","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""" + "\n\n";
    private const string Finish =
        """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";

    [Fact]
    public async Task A_simulated_engine_answers_through_every_step()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        using var answer = await gateway.AskAsync(Hello);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            ["499", "500", "pro", "vllm", "m", "org/m"],
            Headers(
                answer,
                "X-RateLimit-Remaining",
                "X-RateLimit-Limit",
                "X-RateLimit-Tier",
                "X-Backend",
                "X-Route-Model",
                "X-Model-Used"
            )
        );
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal("chat.completion", json.RootElement.GetProperty("object").GetString());
        using var stream = await gateway.AskAsync(HelloStream);
        var events = await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.EndsWith("data: [DONE]\n\n", events, StringComparison.Ordinal);
        Assert.DoesNotContain("\"usage\"", events, StringComparison.Ordinal);
        await Until(() => gateway.Endings.SequenceEqual(["completed 200", "completed 200"]));
    }

    [Fact]
    public async Task The_engine_gets_the_caller_s_bytes_around_the_splices()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(
            """{ "messages":[{"role":"user","content":"ü\u00fc"}], "x":1e400,"temperature":null, "model":"m" , "stream":true}"""
        );
        using var connection = await engine.AcceptAsync();
        var request = await connection.ReadRequestAsync();
        var body = Encoding.UTF8.GetString(
            Encoding.Latin1.GetBytes(request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..])
        );
        Assert.Equal(
            """{ "messages":[{"role":"user","content":"ü\u00fc"}], "x":1e400,"temperature":1, "model":"org/m" , "stream":true,"max_tokens":512,"top_p":1,"stream_options":{"include_usage":true}}""",
            body
        );
        await connection.SendAsync(StreamHead + Chunked(Chunk) + Chunked(Finish + "data: [DONE]\n\n") + "0\r\n\r\n");
        using var answer = await asked;
        Assert.Equal("text/event-stream; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal(
            Chunk + Finish + "data: [DONE]\n\n",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Each_read_from_the_engine_reaches_the_caller_at_once()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(HelloStream, HttpCompletionOption.ResponseHeadersRead);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(StreamHead);
        await connection.SendAsync(Chunked(Chunk));
        using var answer = await asked;
        await using var stream = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var buffer = new byte[4096];
        for (var i = 0; i < 3; i++)
        {
            if (i > 0)
            {
                await connection.SendAsync(Chunked(Chunk));
            }

            var read = await stream.ReadAsync(buffer, TestContext.Current.CancellationToken);
            Assert.Equal(Chunk, Encoding.UTF8.GetString(buffer, 0, read));
        }
    }

    [Fact]
    public async Task A_cut_stream_ends_with_one_error_event_and_no_sentinel()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Continuity = Continuity.Off,
            },
        ]);
        var asked = gateway.AskAsync(HelloStream);
        using (var connection = await engine.AcceptAsync())
        {
            await connection.ReadRequestAsync();
            await connection.SendAsync(StreamHead + Chunked(Chunk) + Chunked(Chunk[..10]));
        }
        using var answer = await asked;
        Assert.Equal(
            Chunk
                + """data: {"error":{"message":"The engine ended the stream before the answer was complete.","type":"upstream_error","param":null,"code":"engine_error"}}"""
                + "\n\n",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        await Until(() => gateway.Endings.SequenceEqual(["stream_cut 200"]));
    }

    [Fact]
    public async Task An_engine_s_own_refusal_keeps_its_status_and_sentence()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(Hello);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(
            Json(400, """{"object":"error","message":"no \"way\"","type":"BadRequestError","param":"n","code":400}""")
        );
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(
            """{"error":{"message":"no \"way\"","type":"invalid_request_error","param":"n","code":"400"}}""",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        await Until(() => gateway.Endings.SequenceEqual(["engine_refused 400"]));
    }

    [Theory]
    [InlineData(401, 502, "engine_error")]
    [InlineData(403, 502, "engine_error")]
    [InlineData(429, 429, "engine_rate_limited")]
    [InlineData(500, 500, "engine_error")]
    [InlineData(503, 503, "engine_error")]
    [InlineData(302, 502, "engine_protocol_error")]
    public async Task The_engine_s_failures_have_their_place_in_the_table(int engineStatus, int status, string code)
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", engine.Url) with
            {
                Attempts = 1,
            },
        ]);
        var asked = gateway.AskAsync(Hello);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(Json(engineStatus, """{"error":{"message":"said the engine","code":null}}"""));
        using var answer = await asked;
        Assert.Equal(status, (int)answer.StatusCode);
        using var json = JsonDocument.Parse(
            await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(code, json.RootElement.GetProperty("error").GetProperty("code").GetString());
        Assert.Equal(status is 429 or 503, answer.Headers.RetryAfter is not null);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task An_engine_that_stumbles_once_is_asked_again(int status)
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(Hello);
        using var connection = await engine.AcceptAsync();
        var first = await connection.ReadRequestAsync();
        await connection.SendAsync(Json(status, "{}"));
        Assert.Equal(first, await connection.ReadRequestAsync());
        await connection.SendAsync(Json(200, "{}"));
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task What_the_engine_judged_is_asked_once()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(Hello);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(Json(422, "{}"));
        using var answer = await asked;
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
    }

    [Fact]
    public async Task A_replica_that_is_not_there_is_passed_over()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/m"] });
        Uri gone;
        using (var closed = new FakeEngine())
        {
            gone = closed.Url;
        }

        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", gone, engine.Url)]);
        for (var i = 0; i < 4; i++)
        {
            using var answer = await gateway.AskAsync(Hello);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        Assert.All(gateway.Router.Table.Routes[0].Replicas, replica => Assert.Equal(0, replica.InFlight));
    }

    [Fact]
    public async Task No_replica_at_all_is_503_and_the_fallback_model_answers_where_there_is_one()
    {
        await using var engine = SimulatorServer.Start(new SimulatorOptions { Models = ["org/spare"] });
        Uri gone;
        using (var closed = new FakeEngine())
        {
            gone = closed.Url;
        }

        await using var gateway = await GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", gone) with
            {
                Fallbacks = ["spare"],
            },
            GatewayInProcess.Deploy("alone", gone),
            GatewayInProcess.Deploy("spare", engine.Url),
        ]);
        using var saved = await gateway.AskAsync(Hello);
        Assert.Equal(["m", "org/spare"], Headers(saved, "X-Route-Model", "X-Model-Used"));
        using var lost = await gateway.AskAsync(Hello.Replace("\"m\"", "\"alone\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, lost.StatusCode);
        Assert.Equal(["false"], Headers(lost, "x-should-retry"));
        Assert.NotNull(lost.Headers.RetryAfter);
    }

    [Fact]
    public async Task A_silent_engine_is_504_and_a_silent_stream_gets_comments_first()
    {
        var time = new FakeTimeProvider();
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)], time);
        var asked = gateway.AskAsync(HelloStream, HttpCompletionOption.ResponseHeadersRead);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await Until(() => gateway.CallsUnderWay.Any(call => call.WakeAt < long.MaxValue));
        time.Advance(TimeSpan.FromSeconds(15));
        await Until(() => asked.IsCompleted, () => time.Advance(Heartbeat.Period));
        using var answer = await asked;
        Assert.Equal(["vllm"], Headers(answer, "X-Backend"));
        time.Advance(TimeSpan.FromSeconds(16));
        time.Advance(TimeSpan.FromSeconds(90));
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(": ping\n: ping\n", text, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"engine_timeout\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(HelloStream)]
    [InlineData(Hello)]
    public async Task A_caller_who_leaves_before_the_first_byte_ends_the_engine_s_work(string body)
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        using var hangUp = new CancellationTokenSource();
        var asked = gateway.Client.PostAsync(
            "/v1/chat/completions",
            new StringContent(body, Encoding.UTF8, "application/json"),
            hangUp.Token
        );
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await hangUp.CancelAsync();
        Assert.True(await connection.SeesCloseAsync());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        await Until(() => gateway.Endings.SequenceEqual(["client_gone 499"]));
    }

    [Fact]
    public async Task When_the_grace_period_is_over_a_stream_ends_with_an_error_event()
    {
        using var engine = new FakeEngine();
        await using var gateway = await GatewayInProcess.StartAsync([GatewayInProcess.Deploy("m", engine.Url)]);
        var asked = gateway.AskAsync(HelloStream);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        await connection.SendAsync(StreamHead + Chunked(Chunk));
        gateway.Calls.EndAll();
        var text = await (await asked).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Contains("shutting down", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_queue_is_503_and_a_slot_that_comes_free_goes_to_the_next()
    {
        using var engine = new FakeEngine();
        var one = GatewayInProcess.Deploy("m", engine.Url) with
        {
            Limits = new DeploymentLimits { MaxConcurrency = 1, Queue = 1 },
        };
        await using var gateway = await GatewayInProcess.StartAsync([one]);
        var first = gateway.AskAsync(Hello);
        using var connection = await engine.AcceptAsync();
        await connection.ReadRequestAsync();
        var second = gateway.AskAsync(Hello);
        await Until(() => gateway.Router.Table.Routes[0].Admission.Waiting == 1);
        using var refused = await gateway.AskAsync(Hello);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await connection.SendAsync(Json(200, "{}"));
        Assert.Equal("{}", await (await first).Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await connection.ReadRequestAsync();
        await connection.SendAsync(Json(200, "{}"));
        Assert.Equal(HttpStatusCode.OK, (await second).StatusCode);
    }

    /// <summary>The closing line is written behind the answer: the test waits for it, as long as it takes.</summary>
    private static async Task Until(Func<bool> condition, Action? meanwhile = null)
    {
        while (!condition())
        {
            meanwhile?.Invoke();
            await Task.Yield();
        }
    }

    private static IEnumerable<string> Headers(HttpResponseMessage answer, params string[] names) =>
        names.Select(name => answer.Headers.GetValues(name).Single());

    private static string Chunked(string text) => $"{text.Length:x}\r\n{text}\r\n";

    private static string Json(int status, string body) =>
        $"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
