using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>The two required parameters, <c>model</c> and <c>messages</c>, right and wrong.</summary>
public sealed class MessageTests : IClassFixture<RecordedGateway>
{
    private const string User = """{"role":"user","content":"Hi"}""";

    private readonly RecordedGateway _fixture;

    public MessageTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [InlineData("""{"role":"system","content":"s"}""")]
    [InlineData("""{"role":"developer","content":"d"}""")]
    [InlineData("""{"role":"user","content":"u","name":"n"}""")]
    [InlineData("""{"role":"assistant","content":"a"}""")]
    [InlineData(
        """{"role":"assistant","content":null,"tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}"""
    )]
    [InlineData(
        """{"role":"assistant","tool_calls":[{"id":"1","type":"function","function":{"name":"f","arguments":"{}"}}]}"""
    )]
    [InlineData("""{"role":"tool","tool_call_id":"1","content":"t"}""")]
    [InlineData("""{"role":"function","name":"f","content":"deprecated, accepted"}""")]
    [InlineData(
        """{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"data:,"}}]}"""
    )]
    [InlineData("""{"role":"user","content":"","unknown":[{"x":1}]}""")]
    public async Task Every_role_and_every_form_of_content_is_taken(string message)
    {
        (await _fixture.Client.ChatAsync(Body($"[{User},{message}]"))).Expect(200);

        Assert.Contains(message, Assert.Single(_fixture.Engine.Requests).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Hi\"", "invalid_type", "messages")]
    [InlineData("5", "invalid_type", "messages")]
    [InlineData("true", "invalid_type", "messages")]
    [InlineData("{}", "invalid_type", "messages")]
    [InlineData("[]", "invalid_value", "messages")]
    [InlineData("[" + User + ",5]", "invalid_type", "messages[1]")]
    [InlineData("[" + User + ",null]", "invalid_type", "messages[1]")]
    [InlineData("[" + User + ",[]]", "invalid_type", "messages[1]")]
    [InlineData("[{\"content\":\"x\"}]", "missing_required_parameter", "messages[0].role")]
    [InlineData(
        "[" + User + "," + User + "," + User + ",{\"role\":\"king\",\"content\":\"x\"}]",
        "invalid_value",
        "messages[3].role"
    )]
    [InlineData("[{\"role\":1,\"content\":\"x\"}]", "invalid_type", "messages[0].role")]
    [InlineData("[{\"role\":\"user\",\"content\":5}]", "invalid_type", "messages[0].content")]
    [InlineData("[{\"role\":\"user\",\"content\":true}]", "invalid_type", "messages[0].content")]
    [InlineData("[{\"role\":\"user\",\"content\":{}}]", "invalid_type", "messages[0].content")]
    public async Task A_mistake_in_the_messages_is_named_by_its_path(string messages, string code, string param)
    {
        (await _fixture.Client.ChatAsync(Body(messages))).ExpectError(400, "invalid_request_error", code, param);

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("[{\"role\":\"user\",\"content\":null}]")]
    [InlineData("[{\"role\":\"user\"}]")]
    [InlineData("[{\"role\":\"assistant\",\"content\":null}]")]
    [InlineData("[{\"role\":\"user\",\"content\":[5]}]")]
    public async Task A_message_without_content_that_can_be_read_is_refused(string messages)
    {
        var answer = (await _fixture.Client.ChatAsync(Body(messages))).Expect(400);

        Assert.StartsWith("messages[0].content", ErrorEnvelope.Of(answer).Param, StringComparison.Ordinal);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("{\"messages\":[" + User + "]}", "missing_required_parameter", "model")]
    [InlineData("{\"model\":5,\"messages\":[" + User + "]}", "invalid_type", "model")]
    [InlineData("{\"model\":[],\"messages\":[" + User + "]}", "invalid_type", "model")]
    [InlineData("{\"model\":true,\"messages\":[" + User + "]}", "invalid_type", "model")]
    [InlineData("{\"model\":\"m\"}", "missing_required_parameter", "messages")]
    [InlineData("{}", "missing_required_parameter", null)]
    public async Task What_is_required_is_asked_for(string body, string code, string? param)
    {
        (await _fixture.Client.ChatAsync(body)).ExpectError(400, "invalid_request_error", code, param);

        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("{\"model\":null,\"messages\":[" + User + "]}", "model")]
    [InlineData("{\"model\":\"m\",\"messages\":null}", "messages")]
    public async Task Null_for_what_is_required_is_refused(string body, string param)
    {
        var answer = (await _fixture.Client.ChatAsync(body)).Expect(400);

        Assert.Equal(param, ErrorEnvelope.Of(answer).Param);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("M")]
    [InlineData("org/model")]
    [InlineData("m ")]
    public async Task A_model_that_is_not_deployed_is_not_found(string model)
    {
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).ExpectError(
            404,
            "not_found_error",
            "model_not_found"
        );

        Assert.Empty(_fixture.Engine.Requests);
    }

    private static string Body(string messages) => $$"""{"model":"m","messages":{{messages}}}""";
}
