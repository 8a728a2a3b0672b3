using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Clients;

/// <summary>The official <c>openai</c> library for JavaScript: what it reports of each scenario of clients/openai.mjs.</summary>
public sealed class NodeOpenAiTests : IClassFixture<NodeOpenAiReport>
{
    private readonly JsonObject _report;

    public NodeOpenAiTests(NodeOpenAiReport run) => _report = run.Report;

    [Fact]
    public void Minimal()
    {
        var result = _report.Passed("minimal");

        Assert.NotEmpty(result["text"]!.GetValue<string>());
        Assert.Equal("stop", result["finish"]!.GetValue<string>());
        Assert.True(Guid.TryParse(result["request_id"]!.GetValue<string>(), out _));
        Assert.True(result["usage"]!["completion_tokens"]!.GetValue<int>() > 0);
    }

    [Fact]
    public void Streaming()
    {
        var result = _report.Passed("streaming");

        Assert.NotEmpty(result["text"]!.GetValue<string>());
        Assert.Equal("stop", result["finish"]!.GetValue<string>());
        Assert.False(result["saw_usage"]!.GetValue<bool>());
    }

    [Fact]
    public void Streaming_with_usage()
    {
        var result = _report.Passed("streaming_with_usage");

        Assert.True(result["usage"]!["total_tokens"]!.GetValue<int>() > 0);
    }

    // That the engine's generation was aborted too is awaited by the fixture.
    [Fact]
    public void Abort() => Assert.Equal("APIUserAbortError", _report.Passed("abort")["ended"]!.GetValue<string>());

    [Fact]
    public void Tools_there_and_back()
    {
        var result = _report.Passed("tools");

        Assert.Equal("weather", result["name"]!.GetValue<string>());
        Assert.Equal("object", result["arguments"]!.GetValue<string>());
        Assert.True(result["answered"]!.GetValue<bool>());
    }

    [Fact]
    public void Streamed_tools()
    {
        var result = _report.Passed("streamed_tools");

        Assert.Equal("weather", result["name"]!.GetValue<string>());
        Assert.Equal("object", result["arguments"]!.GetValue<string>());
    }

    [Fact]
    public void Structured_output_of_any_object() =>
        Assert.Equal("object", _report.Passed("json_object")["type"]!.GetValue<string>());

    [Fact]
    public void Structured_output_of_a_schema()
    {
        var result = _report.Passed("json_schema");

        Assert.Equal("string", result["city"]!.GetValue<string>());
        Assert.True(result["degrees_is_integer"]!.GetValue<bool>());
    }

    [Fact]
    public void Log_probabilities()
    {
        var result = _report.Passed("logprobs");

        Assert.Equal(result["tokens"]!.GetValue<int>(), result["entries"]!.GetValue<int>());
        Assert.Equal(4, result["top"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("two_choices")]
    [InlineData("two_streamed_choices")]
    public void Two_choices(string scenario)
    {
        var result = _report.Passed(scenario);

        Assert.Equal("[0,1]", result["indexes"]!.ToJsonString());
        Assert.True(result["all_finished"]!.GetValue<bool>());
        Assert.True(result["all_said_something"]!.GetValue<bool>());
    }

    [Fact]
    public void Stop() => Assert.True(_report.Passed("stop")["cut_there"]!.GetValue<bool>());

    [Fact]
    public void Seed()
    {
        var result = _report.Passed("seed");

        Assert.True(result["same"]!.GetValue<bool>());
        Assert.True(result["other_differs"]!.GetValue<bool>());
    }

    [Fact]
    public void The_same_request_with_the_same_key_is_one_generation()
    {
        var result = _report.Passed("idempotency");

        Assert.Equal("""[null,"true","true"]""", result["replayed"]!.ToJsonString());
        Assert.True(result["same"]!.GetValue<bool>());
        Assert.Equal(1, result["streams_replayed"]!.GetValue<int>());
        Assert.True(result["same_stream"]!.GetValue<bool>());
        Assert.Equal("""{"status":409,"code":"idempotency_key_reused"}""", result["reused"]!.ToJsonString());
    }

    [Fact]
    public void Models_can_be_listed_and_retrieved()
    {
        var result = _report.Passed("models");

        Assert.True(result["listed"]!.GetValue<bool>());
        Assert.Equal("demo", result["one"]!.GetValue<string>());
        Assert.Equal("meta-llama/Llama-3.3-70B-Instruct", result["slashed"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("wrong_key", "AuthenticationError", 401, "invalid_api_key")]
    [InlineData("not_allowed", "PermissionDeniedError", 403, "model_not_allowed")]
    [InlineData("unknown_model", "NotFoundError", 404, "model_not_found")]
    [InlineData("out_of_range", "BadRequestError", 400, "invalid_value")]
    [InlineData("too_long", "BadRequestError", 400, "context_length_exceeded")]
    [InlineData("over_limit", "RateLimitError", 429, "rate_limit_exceeded")]
    [InlineData("engine_limited", "RateLimitError", 429, "engine_rate_limited")]
    public void Each_error_is_of_its_class(string scenario, string type, int status, string code)
    {
        var error = _report.Passed(scenario);

        Assert.Equal(type, error["class"]!.GetValue<string>());
        Assert.Equal(status, error["status"]!.GetValue<int>());
        Assert.Equal(code, error["code"]!.GetValue<string>());
        Assert.True(Guid.TryParse(error["request_id"]?.GetValue<string>(), out _), error.ToJsonString());
        Assert.NotNull(error["type"]);
    }

    [Theory]
    [InlineData("engine_failed")]
    [InlineData("down")]
    public void A_failing_engine_is_an_internal_server_error(string scenario)
    {
        var error = _report.Passed(scenario);

        Assert.Equal("InternalServerError", error["class"]!.GetValue<string>());
        Assert.True(error["status"]!.GetValue<int>() is 500 or 502 or 503);
        Assert.True(Guid.TryParse(error["request_id"]?.GetValue<string>(), out _), error.ToJsonString());
    }

    [Fact]
    public void A_range_names_its_parameter() =>
        Assert.Equal("temperature", _report.Passed("out_of_range")["param"]!.GetValue<string>());

    [Fact]
    public void A_stream_that_is_cut_throws()
    {
        var error = _report.Passed("cut_stream");

        Assert.Equal("APIError", error["class"]!.GetValue<string>());
        Assert.True(error["heard"]!.GetValue<bool>());
    }

    [Fact]
    public void Nobody_listening_is_a_connection_error() =>
        Assert.Equal("APIConnectionError", _report.Passed("nobody_there")["class"]!.GetValue<string>());

    [Fact]
    public void A_429_is_retried_when_it_said_and_then_succeeds()
    {
        var result = _report.Passed("retry");

        // Two seconds to wait: a client that did not heed Retry-After would have come back too early, and been refused.
        Assert.Equal("[429,200]", result["statuses"]!.ToJsonString());
    }
}
