using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>What another attempt may mend is tried again before the caller hears of it; what it cannot is not.</summary>
public sealed class RetryTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public RetryTests(RecordedGateway fixture) => _fixture = fixture;

    [Theory]
    [InlineData(429, false)]
    [InlineData(500, false)]
    [InlineData(502, true)]
    [InlineData(503, false)]
    [InlineData(503, true)]
    public async Task An_engine_that_fails_once_is_asked_again_with_the_same_bytes(int status, bool stream)
    {
        await using var engine = new RecordingEngine();
        var calls = 0;
        engine.Script = exchange =>
            Interlocked.Increment(ref calls) == 1
                ? exchange.AnswerAsync(status, """{"error":"not now"}""")
                : AnyAnswer(exchange);
        var model = await _fixture.DeployAsync(engine.Url);

        var answer = await _fixture.Client.ChatAsync(stream ? ChatBody.Stream(model) : ChatBody.Minimal(model));

        answer.Expect(200);
        Assert.Equal(2, engine.Requests.Count);
        Splices.AssertSame(engine.Requests[0].Body, engine.Requests[1].Body);
        Assert.Equal(answer.Header("X-Request-Id"), engine.Requests[1].Header("X-Request-Id"));
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Another_replica_is_asked_where_one_fails(int status)
    {
        await using var bad = new RecordingEngine { Script = Answer(status, """{"error":"not now"}""") };
        await using var good = new RecordingEngine();
        var model = await _fixture.DeployAsync(
            bad.Url,
            deployment => deployment["replicas"]!.AsArray().Add((JsonNode)new JsonObject { ["url"] = good.Url })
        );

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);

        Assert.Single(good.Requests);
        Assert.InRange(bad.Requests.Count, 0, 1);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task What_is_wrong_with_the_request_itself_is_asked_once(int status)
    {
        await using var bad = new RecordingEngine { Script = Answer(status, """{"error":"never"}""") };
        await using var other = new RecordingEngine { Script = Answer(status, """{"error":"never"}""") };
        var model = await _fixture.DeployAsync(
            bad.Url,
            deployment => deployment["replicas"]!.AsArray().Add((JsonNode)new JsonObject { ["url"] = other.Url })
        );

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(status);

        Assert.Equal(1, bad.Requests.Count + other.Requests.Count);
    }

    [Fact]
    public async Task A_caller_who_leaves_while_waiting_for_another_attempt_ends_the_attempts()
    {
        await using var engine = new RecordingEngine
        {
            Script = exchange =>
                exchange.AnswerAsync(503, """{"error":"not now"}""", moreHeaders: "Retry-After: 2\r\n"),
        };
        var model = await _fixture.DeployAsync(engine.Url);
        var body = ChatBody.Minimal(model);
        var seen = _fixture.Gateway.Output.Count;

        using (var raw = _fixture.Gateway.Raw())
        {
            await raw.SendAsync(
                $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Declaration.Secret("acme")}\r\n"
                    + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
            );
            await Until.TrueAsync(() => engine.Requests.Count == 1, "the first attempt");
        }

        await _fixture.Gateway.Output.LineAsync(
            line => line.Contains("client_gone", StringComparison.Ordinal),
            "the request to end because its caller left",
            from: seen
        );
        Assert.Single(engine.Requests);
    }
}
