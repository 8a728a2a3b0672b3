using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>An engine's own errors, in every dialect, as the caller sees them: one envelope.</summary>
public sealed class EngineErrorTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public EngineErrorTests(RecordedGateway fixture) => _fixture = fixture;

    [Theory]
    [InlineData("""{"error":{"message":"no such thing","type":"BadRequestError","param":"tools","code":400}}""")]
    [InlineData("""{"object":"error","message":"no such thing","type":"BadRequest","param":null,"code":400}""")]
    [InlineData("""{"error":"no such thing"}""")]
    [InlineData("""{"error":"no such thing","error_type":"validation"}""")]
    [InlineData("""{"error":{"code":400,"message":"no such thing","type":"invalid_request_error"}}""")]
    [InlineData("""{"message":"no such thing","code":400,"type":"Validation"}""")]
    [InlineData("""{"detail":"no such thing"}""")]
    [InlineData("no such thing", "text/plain")]
    public async Task A_refusal_of_any_dialect_keeps_status_and_words(string body, string type = "application/json")
    {
        await using var engine = new RecordingEngine { Script = Answer(400, body, type) };

        foreach (var stream in (bool[])[false, true])
        {
            var answer = await AskAsync(engine, stream);

            answer.Expect(400);
            var error = ErrorEnvelope.Of(answer);
            Assert.Equal("invalid_request_error", error.Type);
            Assert.Contains("no such thing", error.Message, StringComparison.Ordinal);
        }

        // A 4xx is about the request: asking again changes nothing.
        Assert.Equal(2, engine.Requests.Count);
    }

    [Theory]
    [InlineData("This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.")]
    [InlineData("The model's context length is only 8192 tokens, resulting in a maximum input length of 8000.")]
    public async Task A_prompt_too_long_has_its_own_code(string message)
    {
        var body = "{\"error\":{\"message\":\"" + message + "\",\"type\":\"BadRequestError\",\"code\":400}}";
        await using var engine = new RecordingEngine { Script = Answer(400, body) };

        (await AskAsync(engine)).ExpectError(400, "invalid_request_error", "context_length_exceeded");
        Assert.Single(engine.Requests);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(413)]
    [InlineData(422)]
    public async Task Other_refusals_keep_their_status(int status)
    {
        await using var engine = new RecordingEngine
        {
            Script = Answer(status, """{"error":{"message":"not today","type":"X","param":null,"code":1}}"""),
        };

        var answer = (await AskAsync(engine)).Expect(status);

        Assert.Contains("not today", ErrorEnvelope.Of(answer).Message, StringComparison.Ordinal);
        Assert.Single(engine.Requests);
    }

    [Theory]
    [InlineData(401, """{"error":"Unauthorized"}""")]
    [InlineData(403, """{"error":{"message":"secret of the operator","type":"X","code":403}}""")]
    public async Task A_wrong_credential_is_the_operators_fault(int status, string body)
    {
        await using var engine = new RecordingEngine { Script = Answer(status, body) };
        var seen = _fixture.Gateway.Output.Count;

        var answer = (await AskAsync(engine)).ExpectError(502, "upstream_error", "engine_error");

        Assert.DoesNotContain("secret", answer.Text, StringComparison.OrdinalIgnoreCase);
        await _fixture.Gateway.Output.LineAsync(
            line =>
                line.Contains(" fail ", StringComparison.Ordinal)
                && line.Contains("credential", StringComparison.Ordinal),
            "a log line at Error",
            from: seen
        );
    }

    [Theory]
    [InlineData("""{"error":{"message":"EngineDeadError","type":"InternalServerError","param":null,"code":500}}""")]
    [InlineData("<html><body>Internal Server Error at 10.0.0.5</body></html>", "text/html")]
    [InlineData("Traceback (most recent call last): File \\\"/usr/x.py\\\"", "text/plain")]
    [InlineData("", "text/plain")]
    public async Task An_engine_that_fails_is_a_bad_gateway(string body, string type = "application/json")
    {
        await using var engine = new RecordingEngine { Script = Answer(500, body, type) };

        var answer = await AskAsync(engine);

        // Its own status or the gateway's word for it; never a bug of ours.
        Assert.True(answer.Status is 500 or 502, answer.ToString());
        Assert.Equal("upstream_error", ErrorEnvelope.Of(answer).Type);
        Assert.DoesNotContain("<html", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("10.0.0.5", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_is_full_is_said_to_be()
    {
        await using var engine = new RecordingEngine
        {
            Script = Answer(503, """{"error":{"message":"queue is full","type":"Service Unavailable","code":503}}"""),
        };

        var answer = await AskAsync(engine);

        Assert.True(answer.Status is 502 or 503, answer.ToString());
        _ = ErrorEnvelope.Of(answer);
        if (answer.Status == 503)
        {
            Assert.True(int.Parse(answer.Header("Retry-After")!) >= 1);
        }
    }

    [Fact]
    public async Task An_engine_that_limits_is_told_apart_from_our_own_limit()
    {
        await using var engine = new RecordingEngine
        {
            Script = Answer(429, """{"error":"Model is overloaded","error_type":"overloaded"}"""),
        };

        var answer = await AskAsync(engine);

        answer.ExpectError(429, "rate_limit_error", "engine_rate_limited");
        Assert.True(int.Parse(answer.Header("Retry-After")!) >= 1);
        Assert.Equal("false", answer.Header("x-should-retry"));
    }

    [Fact]
    public async Task No_error_tells_where_the_engine_is()
    {
        await using var engine = new RecordingEngine();
        var port = new Uri(engine.Url).Port.ToString();
        Func<EngineExchange, Task>[] scripts =
        [
            Answer(500, """{"error":"x"}"""),
            Answer(401, """{"error":"x"}"""),
            exchange => exchange.WriteAsync("NONSENSE\r\n\r\n"),
            exchange =>
            {
                exchange.Reset();
                return Task.CompletedTask;
            },
        ];

        foreach (var script in scripts)
        {
            engine.Script = script;
            var answer = await AskAsync(engine);

            Assert.True(answer.Status >= 500, answer.ToString());
            Assert.DoesNotContain(port, ErrorEnvelope.Of(answer).Message, StringComparison.Ordinal);
            Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
        }
    }

    private async Task<Answer> AskAsync(RecordingEngine engine, bool stream = false)
    {
        var model = await _fixture.DeployAsync(engine.Url);
        return await _fixture.Client.ChatAsync(stream ? ChatBody.Stream(model) : ChatBody.Minimal(model));
    }
}
