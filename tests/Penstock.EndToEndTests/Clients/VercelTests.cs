using System.Text.Json.Nodes;

namespace Penstock.EndToEndTests.Clients;

/// <summary>The Vercel <c>ai</c> library: what it reports of each scenario of clients/vercel.mjs.</summary>
public sealed class VercelTests : IClassFixture<VercelReport>
{
    private readonly JsonObject _report;

    public VercelTests(VercelReport run) => _report = run.Report;

    [Theory]
    [InlineData("minimal")]
    [InlineData("streaming")]
    public void An_answer_has_text_end_and_usage(string scenario)
    {
        var result = _report.Passed(scenario);

        Assert.NotEmpty(result["text"]!.GetValue<string>());
        Assert.Equal("stop", result["finish"]!.GetValue<string>());
        Assert.True(result["tokens"]!.GetValue<int>() > 0);
    }

    [Fact]
    public void The_request_id_is_among_the_headers() =>
        Assert.True(Guid.TryParse(_report.Passed("minimal")["request_id"]!.GetValue<string>(), out _));

    // That the engine's generation was aborted too is awaited by the fixture.
    [Fact]
    public void Abort() => Assert.True(_report.Passed("abort")["aborted"]!.GetValue<bool>());

    [Fact]
    public void Tools_there_and_back()
    {
        var result = _report.Passed("tools");

        Assert.Equal(1, result["calls"]!.GetValue<int>());
        Assert.Equal("string", result["city"]!.GetValue<string>());
        Assert.Equal(2, result["steps"]!.GetValue<int>());
        Assert.NotEmpty(result["text"]!.GetValue<string>());
    }

    [Fact]
    public void Structured_output_of_a_schema()
    {
        var result = _report.Passed("structured");

        Assert.Equal("string", result["city"]!.GetValue<string>());
        Assert.True(result["degrees_is_integer"]!.GetValue<bool>());
    }

    [Fact]
    public void Structured_output_of_any_object() =>
        Assert.Equal("object", _report.Passed("any_object")["type"]!.GetValue<string>());

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
    public void A_model_with_a_slash_in_its_name_answers() =>
        Assert.NotEmpty(_report.Passed("slashed_model")["text"]!.GetValue<string>());

    [Theory]
    [InlineData("wrong_key", 401, "invalid_api_key")]
    [InlineData("not_allowed", 403, "model_not_allowed")]
    [InlineData("unknown_model", 404, "model_not_found")]
    [InlineData("out_of_range", 400, "invalid_value")]
    [InlineData("over_limit", 429, "rate_limit_exceeded")]
    [InlineData("engine_limited", 429, "engine_rate_limited")]
    public void Each_error_is_a_call_error_with_our_words(string scenario, int status, string code)
    {
        var error = _report.Passed(scenario);

        Assert.True(error["is_api_call_error"]!.GetValue<bool>(), error.ToJsonString());
        Assert.Equal(status, error["status"]!.GetValue<int>());
        Assert.Equal(code, error["code"]!.GetValue<string>());
        Assert.True(error["message_is_ours"]!.GetValue<bool>(), error.ToJsonString());
        Assert.True(Guid.TryParse(error["request_id"]?.GetValue<string>(), out _), error.ToJsonString());
    }

    [Theory]
    [InlineData("engine_failed")]
    [InlineData("down")]
    public void A_failing_engine_is_a_call_error_too(string scenario)
    {
        var error = _report.Passed(scenario);

        Assert.True(error["is_api_call_error"]!.GetValue<bool>(), error.ToJsonString());
        Assert.True(error["status"]!.GetValue<int>() is 500 or 502 or 503);
    }

    [Fact]
    public void Nobody_listening_is_a_call_error_without_status()
    {
        var error = _report.Passed("nobody_there");

        Assert.True(error["is_api_call_error"]!.GetValue<bool>(), error.ToJsonString());
        Assert.Null(error["status"]);
    }

    [Fact]
    public void A_stream_that_is_cut_is_an_error_part()
    {
        var result = _report.Passed("cut_stream");

        Assert.True(result["heard"]!.GetValue<bool>());
        Assert.NotNull(result["failed"]);
    }

    [Fact]
    public void A_429_is_retried_when_it_said_and_then_succeeds() =>
        // Two seconds to wait: a client that did not heed Retry-After would have come back too early, and been refused.
        Assert.Equal("[429,200]", _report.Passed("retry")["statuses"]!.ToJsonString());
}
