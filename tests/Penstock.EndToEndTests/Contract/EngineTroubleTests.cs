using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Engines that are not there, speak nonsense or never answer; and what is tried again.</summary>
public sealed class EngineTroubleTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public EngineTroubleTests(RecordedGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task Nobody_listens()
    {
        var model = await _fixture.DeployAsync($"http://127.0.0.1:{FreePort.Take()}");

        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(model));

        Assert.True(answer.Status is 502 or 503, answer.ToString());
        var error = ErrorEnvelope.Of(answer);
        Assert.Contains(error.Code, (string?[])["engine_error", "no_healthy_replica"]);
        Assert.Contains(model, (await _fixture.Client.GetAsync("/v1/models")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_whose_replicas_are_all_down_is_unavailable_and_never_unknown()
    {
        var model = await _fixture.DeployAsync($"http://127.0.0.1:{FreePort.Take()}");
        for (var i = 0; i < 30; i++)
        {
            Assert.True((await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Status is 502 or 503);
        }

        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(model));

        answer.ExpectError(503, "overloaded_error", "no_healthy_replica");
        Assert.True(int.Parse(answer.Header("Retry-After")!) >= 1);
    }

    public static TheoryData<string> Nonsense =>
        [
            "HELLO THERE\r\n\r\n",
            "\0\0\0\0\0\0\r\n\r\n",
            "HTTP/1.1 abc OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon here\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: -5\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\n{}    ",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n",
            // What one reader could end sooner than another: the rest would be taken for the next answer.
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx: a\r\n content-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\nx: a\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length : 2\r\n\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\n{}\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff2\r\n{}",
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}XX0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\n\r\n",
        ];

    [Theory]
    [MemberData(nameof(Nonsense))]
    public async Task Nonsense_is_a_fault_of_protocol(string nonsense)
    {
        await using var engine = new RecordingEngine
        {
            Script = async exchange =>
            {
                await exchange.WriteAsync(nonsense);
                exchange.Close();
            },
        };

        (await AskAsync(engine)).ExpectError(502, "upstream_error", "engine_protocol_error");
    }

    [Fact]
    public async Task A_head_without_end_is_bounded()
    {
        await using var engine = new RecordingEngine
        {
            Script = async exchange =>
            {
                await exchange.WriteAsync("HTTP/1.1 200 OK\r\n");
                for (var i = 0; i < 4096; i++)
                {
                    await exchange.WriteAsync($"x-header-{i}: {new string('v', 1000)}\r\n");
                }
            },
        };

        (await AskAsync(engine)).ExpectError(502, "upstream_error", "engine_protocol_error");
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 5000\r\n\r\n{\"choices\":[")]
    [InlineData(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cho\r\n"
    )]
    [InlineData("HTTP/1.1 200 OK\r\ncontent-type: appl")]
    [InlineData("")]
    public async Task A_cut_answer_is_never_a_whole_one(string wire)
    {
        await using var engine = new RecordingEngine
        {
            Script = async exchange =>
            {
                await exchange.WriteAsync(wire);
                exchange.Close();
            },
        };

        var answer = (await AskAsync(engine)).Expect(502);

        Assert.Equal("upstream_error", ErrorEnvelope.Of(answer).Type);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        await using var engine = new RecordingEngine
        {
            Script = exchange => exchange.AnswerAsync(302, "", moreHeaders: "Location: http://127.0.0.1:1/\r\n"),
        };

        var answer = (await AskAsync(engine)).Expect(502);

        Assert.Null(answer.Header("Location"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_engine_that_never_answers_runs_out_of_time(bool stream)
    {
        await using var engine = new RecordingEngine { Script = exchange => exchange.GatewayLeftAsync() };
        var model = await _fixture.DeployAsync(
            engine.Url,
            deployment =>
            {
                deployment["timeouts"] = new JsonObject { ["first_byte"] = "300ms" };
                deployment["retry"] = new JsonObject { ["attempts"] = 1 };
            }
        );

        var body = stream ? ChatBody.Stream(model) : ChatBody.Minimal(model);

        (await _fixture.Client.ChatAsync(body)).ExpectError(504, "timeout_error", "engine_timeout");
    }

    [Fact]
    public async Task What_failed_before_its_first_byte_is_tried_again_with_the_same_bytes()
    {
        await using var engine = new RecordingEngine();
        var calls = 0;
        engine.Script = async exchange =>
        {
            if (Interlocked.Increment(ref calls) == 3)
            {
                await exchange.AnswerAsync(200, Json);
                return;
            }

            exchange.Close();
        };

        var model = await _fixture.DeployAsync(
            engine.Url,
            deployment => deployment["retry"] = new JsonObject { ["attempts"] = 3 }
        );

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);

        Assert.Equal(3, engine.Requests.Count);
        Assert.Single(engine.Requests.Select(request => request.Text).Distinct(StringComparer.Ordinal));
    }

    [Fact]
    public async Task One_attempt_means_one()
    {
        await using var engine = new RecordingEngine
        {
            Script = exchange =>
            {
                exchange.Close();
                return Task.CompletedTask;
            },
        };
        var model = await _fixture.DeployAsync(
            engine.Url,
            deployment => deployment["retry"] = new JsonObject { ["attempts"] = 1 }
        );

        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(model));

        Assert.Equal("upstream_error", ErrorEnvelope.Of(answer).Type);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task Another_replica_answers_for_one_that_is_down()
    {
        await using var engine = new RecordingEngine();
        var model = await _fixture.DeployAsync(
            $"http://127.0.0.1:{FreePort.Take()}",
            deployment => deployment["replicas"]!.AsArray().Add((JsonNode)new JsonObject { ["url"] = engine.Url })
        );

        for (var i = 0; i < 10; i++)
        {
            (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);
        }

        Assert.Equal(10, engine.Requests.Count);
    }

    [Fact]
    public async Task A_fallback_answers_when_no_replica_can()
    {
        await using var engine = new RecordingEngine();
        await _fixture.Gateway.DeployAsync(RecordedGateway.Tenant, "second", "org/second", engine.Url);
        var model = await _fixture.DeployAsync(
            $"http://127.0.0.1:{FreePort.Take()}",
            deployment => deployment["fallbacks"] = new JsonArray("second")
        );

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);

        Assert.Equal(model, answer.Header("X-Route-Model"));
        Assert.Equal("org/second", answer.Header("X-Model-Used"));
        Assert.Equal("org/second", Assert.Single(engine.Requests).Json["model"]!.GetValue<string>());
    }

    private async Task<Answer> AskAsync(RecordingEngine engine)
    {
        var model = await _fixture.DeployAsync(engine.Url);
        return await _fixture.Client.ChatAsync(ChatBody.Minimal(model));
    }
}
