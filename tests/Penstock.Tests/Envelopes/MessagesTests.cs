using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

public sealed class MessagesTests
{
    [Theory]
    [InlineData("system")]
    [InlineData("developer")]
    [InlineData("user")]
    [InlineData("assistant")]
    [InlineData("tool")]
    [InlineData("function")]
    [InlineData("us\\u0065r")]
    public void Every_role_of_the_contract_is_accepted(string role) =>
        Assert.Null(Refusal($$"""[{"role":"{{role}}","content":"x"}]"""));

    [Theory]
    [InlineData("""[{"role":"user","content":[]}]""")]
    [InlineData("""[{"role":"user","content":[{"type":"text","text":"x"},{}]}]""")]
    [InlineData("""[{"content":"","role":"user","name":1,"x":{"role":2}}]""")]
    [InlineData("""[{"role":"assistant","content":null,"tool_calls":[{"id":"1"}]}]""")]
    [InlineData("""[{"tool_calls":[],"role":"assistant"}]""")]
    [InlineData("""[{"role":"assistant","function_call":{}}]""")]
    [InlineData("""[{"role":"assistant","refusal":"no","content":null}]""")]
    [InlineData("""[{"role":"assistant","audio":{"id":"a"}}]""")]
    [InlineData("""[{"role":"user","role":"system","content":[],"content":"last wins"}]""")]
    public void What_the_contract_allows_is_accepted(string messages) => Assert.Null(Refusal(messages));

    [Theory]
    [InlineData("{}", "invalid_type", "messages")]
    [InlineData("\"hi\"", "invalid_type", "messages")]
    [InlineData("1", "invalid_type", "messages")]
    [InlineData("[]", "invalid_value", "messages")]
    [InlineData("null", "missing_required_parameter", "messages")]
    [InlineData("""["hi"]""", "invalid_type", "messages[0]")]
    [InlineData("""[{"role":"user","content":"x"},[]]""", "invalid_type", "messages[1]")]
    [InlineData("""[{"content":"x"}]""", "missing_required_parameter", "messages[0].role")]
    [InlineData("""[{"content":"x","role":null}]""", "missing_required_parameter", "messages[0].role")]
    [InlineData("""[{"role":1}]""", "invalid_type", "messages[0].role")]
    [InlineData("""[{"role":"User","content":"x"}]""", "invalid_value", "messages[0].role")]
    [InlineData("""[{"role":"","content":"x"}]""", "invalid_value", "messages[0].role")]
    [InlineData("""[{"role":"user"}]""", "missing_required_parameter", "messages[0].content")]
    [InlineData("""[{"role":"user","content":null}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"user","content":null,"tool_calls":[]}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"assistant","content":null}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"assistant","tool_calls":null}]""", "missing_required_parameter", "messages[0].content")]
    [InlineData("""[{"role":"user","content":{}}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"user","content":7}]""", "invalid_type", "messages[0].content")]
    [InlineData("""[{"role":"user","content":[{},"x"]}]""", "invalid_type", "messages[0].content[1]")]
    [InlineData("""[{"role":"user","content":[null]}]""", "invalid_type", "messages[0].content[0]")]
    [InlineData("""[{"role":"user","content":"a"},{"role":"x"}]""", "invalid_value", "messages[1].role")]
    [InlineData("""[{"role":"x","content":"a","role":"user"}]""", "invalid_value", "messages[0].role")]
    [InlineData("""[{"role":"user","content":"a","content":null}]""", "invalid_type", "messages[0].content")]
    public void What_it_does_not_is_named_by_its_path(string messages, string code, string param)
    {
        var refusal = Refusal(messages);
        Assert.Equal((code, param), (refusal?.Code, refusal?.Param));
    }

    [Fact]
    public void Messages_must_be_there() =>
        Bodies.Refused("""{"model":"m"}""", RefusalCode.MissingParameter, "messages");

    private static EnvelopeRefusal? Refusal(string messages) =>
        Bodies.Refusal($$"""{"model":"m","messages":{{messages}}}""");
}
