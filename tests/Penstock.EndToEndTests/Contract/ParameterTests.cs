using System.Text;
using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Each parameter at, inside and outside its range, as null and as each wrong type; and what the engine received.</summary>
public sealed class ParameterTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public ParameterTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [MemberData(nameof(ParameterTable.Accepted), MemberType = typeof(ParameterTable))]
    public async Task A_value_within_its_range_reaches_the_engine_as_written(string field, string value)
    {
        var body = Body(field, value);

        (await _fixture.Client.ChatAsync(body)).Expect(200);

        var sent = Encoding.UTF8.GetBytes(body);
        var expected = Splices.WithUpstreamModel(sent, RecordedGateway.Model, RecordedGateway.UpstreamModel);
        Splices.AssertInserted(expected, Assert.Single(_fixture.Engine.Requests).Body, DefaultsBeside(field));
    }

    [Theory]
    [MemberData(nameof(ParameterTable.OutOfRange), MemberType = typeof(ParameterTable))]
    public async Task A_value_outside_its_range_is_refused_by_name(string field, string value)
    {
        var answer = await _fixture.Client.ChatAsync(Body(field, value));

        answer.ExpectError(400, "invalid_request_error", "invalid_value", field);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [MemberData(nameof(ParameterTable.WrongTypes), MemberType = typeof(ParameterTable))]
    public async Task A_wrong_type_is_refused_by_name(string field, string value)
    {
        // An empty array of tools or stops is of the right type; the table's samples never are.
        var answer = await _fixture.Client.ChatAsync(Body(field, value));

        answer.ExpectError(400, "invalid_request_error", "invalid_type", field);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [MemberData(nameof(ParameterTable.Fields), MemberType = typeof(ParameterTable))]
    public async Task Null_means_not_given(string field)
    {
        var answer = await _fixture.Client.ChatAsync(Body(field, "null"));

        answer.Expect(200);
        var received = Assert.Single(_fixture.Engine.Requests);
        Splices.AssertNoDuplicates(received.Body);
        var members = received.Json;
        Assert.Equal(RecordedGateway.UpstreamModel, members["model"]!.GetValue<string>());
        Assert.Equal(512, members["max_tokens"]!.GetValue<int>());
        Assert.Equal(1d, members["temperature"]!.GetValue<double>());
        Assert.Equal(1d, members["top_p"]!.GetValue<double>());
        if (field is not ("max_tokens" or "temperature" or "top_p"))
        {
            Assert.Null(members[field]);
        }
    }

    [Theory]
    [InlineData("\"stop\":[1]", "invalid_type", "stop")]
    [InlineData("\"stop\":[\"a\",null]", "invalid_type", "stop")]
    [InlineData("\"tools\":[5]", "invalid_type", "tools[0]")]
    [InlineData("\"tools\":[{}]", "missing_required_parameter", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":\"function\"},{\"type\":7}]", "invalid_type", "tools[1].type")]
    [InlineData("\"response_format\":{\"type\":5}", "invalid_type", "response_format.type")]
    [InlineData("\"response_format\":{}", "missing_required_parameter", "response_format.type")]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\"}",
        "missing_required_parameter",
        "response_format.json_schema"
    )]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":1}",
        "invalid_type",
        "response_format.json_schema"
    )]
    [InlineData("\"stream\":true,\"stream_options\":1", "invalid_type", "stream_options")]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"include_usage\":\"yes\"}",
        "invalid_type",
        "stream_options.include_usage"
    )]
    [InlineData("\"stream_options\":{\"include_usage\":true}", "invalid_value", "stream_options")]
    [InlineData("\"stream\":false,\"stream_options\":{\"include_usage\":true}", "invalid_value", "stream_options")]
    [InlineData("\"top_logprobs\":2", "invalid_value", "top_logprobs")]
    [InlineData("\"logprobs\":false,\"top_logprobs\":1", "invalid_value", "top_logprobs")]
    public async Task A_mistake_inside_a_parameter_is_named_by_its_path(string members, string code, string param)
    {
        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(more: "," + members));

        answer.ExpectError(400, "invalid_request_error", code);
        Assert.StartsWith(param, ErrorEnvelope.Of(answer).Param, StringComparison.Ordinal);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_tool_choice_without_a_function_is_refused()
    {
        var answer = await _fixture.Client.ChatAsync(Body("tool_choice", """{"type":"function"}"""));

        answer.Expect(400);
        Assert.StartsWith("tool_choice", ErrorEnvelope.Of(answer).Param, StringComparison.Ordinal);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task Top_logprobs_of_zero_needs_no_logprobs() =>
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: ",\"top_logprobs\":0"))).Expect(200);

    [Fact]
    public async Task Of_both_names_of_the_token_limit_the_newer_wins()
    {
        const string both = ""","max_tokens":7,"max_completion_tokens":9""";

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: both))).Expect(200);

        var received = Assert.Single(_fixture.Engine.Requests).Json;
        Assert.Equal(9, received["max_completion_tokens"]!.GetValue<int>());
        Assert.True(received["max_tokens"] is null || received["max_tokens"]!.GetValue<int>() is 7 or 9);
    }

    [Fact]
    public async Task A_deployment_may_lower_n_and_raise_top_logprobs()
    {
        var model = await _fixture.DeployAsync(
            _fixture.Engine.Url,
            deployment => deployment["limits"] = new JsonObject { ["n"] = 2, ["top_logprobs"] = 20 }
        );

        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model, ",\"n\":2"))).Expect(200);
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model, ",\"n\":3"))).ExpectError(
            400,
            "invalid_request_error",
            "invalid_value",
            "n"
        );
        const string twenty = ""","logprobs":true,"top_logprobs":20""";
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model, twenty))).Expect(200);
        const string more = ""","logprobs":true,"top_logprobs":21""";
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model, more))).ExpectError(
            400,
            "invalid_request_error",
            "invalid_value",
            "top_logprobs"
        );
    }

    private static string Body(string field, string value) =>
        ChatBody.Minimal(more: $"{ParameterTable.Row(field).Beside},\"{field}\":{value}");

    /// <summary>What the gateway adds when the caller says only this field.</summary>
    private static JsonObject DefaultsBeside(string field)
    {
        var added = new JsonObject
        {
            ["max_tokens"] = 512,
            ["temperature"] = 1,
            ["top_p"] = 1,
        };
        added.Remove(field == "max_completion_tokens" ? "max_tokens" : field);
        return added;
    }
}
