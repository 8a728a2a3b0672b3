using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>The request that asks an engine to go on, and the requests that none may go on with.</summary>
public sealed class ContinuedBodyTests
{
    private const string Hi = """{"role":"user","content":"hi"}""";

    [Theory]
    [InlineData(
        $$"""{"model":"m","messages":[{{Hi}}],"max_tokens":64,"stream":true}""",
        $$"""{"model":"m","messages":[{{Hi}},{"role":"assistant","content":"Well \"now\""}],"max_tokens":54,"stream":true,"continue_final_message":true,"add_generation_prompt":false}"""
    )]
    [InlineData(
        $$"""{"messages": [ {{Hi}} ] , "add_generation_prompt": true, "continue_final_message" : null }""",
        $$"""{"messages": [ {{Hi}} ,{"role":"assistant","content":"Well \"now\""}] , "add_generation_prompt": false, "continue_final_message" : true }"""
    )]
    [InlineData(
        $$"""{"messages":[{{Hi}}],"add_generation_prompt":false}""",
        $$"""{"messages":[{{Hi}},{"role":"assistant","content":"Well \"now\""}],"add_generation_prompt":false,"continue_final_message":true}"""
    )]
    [InlineData(
        $$"""{"messages":[{{Hi}},{"content":"Once ","role":"assistant"}],"continue_final_message":true,"add_generation_prompt":false,"max_tokens":20,"max_completion_tokens":12}""",
        $$"""{"messages":[{{Hi}},{"content":"Once Well \"now\"","role":"assistant"}],"continue_final_message":true,"add_generation_prompt":false,"max_tokens":10,"max_completion_tokens":2}"""
    )]
    [InlineData(
        $$"""{"messages":[{{Hi}}],"max_tokens":3}""",
        $$"""{"messages":[{{Hi}},{"role":"assistant","content":"Well \"now\""}],"max_tokens":1,"continue_final_message":true,"add_generation_prompt":false}"""
    )]
    public void What_was_said_stands_at_the_end_and_its_tokens_are_taken_off(string body, string expected)
    {
        var said = Encoding.UTF8.GetBytes("""Well \"now\" """.TrimEnd());
        using var continued = ContinuedBody.Read(new SplicedBody(Encoding.UTF8.GetBytes(body)), said);
        Assert.True(continued.Request.IsPossible);
        continued.GoOn(said, tokens: 10);
        var sent = new byte[continued.Body.Length];
        continued.Body.CopyTo(sent);
        Assert.Equal(expected, Encoding.UTF8.GetString(sent));
    }

    [Theory]
    [InlineData("\"max_tokens\":5", 5L)]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":7", 7L)]
    [InlineData("\"max_completion_tokens\":7,\"max_tokens\":5", 7L)]
    [InlineData("\"max_tokens\":null", null)]
    [InlineData("\"seed\":1", null)]
    public void The_newer_name_says_how_many_tokens_there_may_be(string more, long? most) =>
        Assert.Equal(most, Read($$"""{"messages":[{{Hi}}],{{more}}}""").MostTokens);

    [Theory]
    [InlineData("\"tools\":[{\"type\":\"function\"}]")]
    [InlineData("\"functions\":[{\"name\":\"f\"}]")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData("\"response_format\":{\"schema\":{\"type\":\"text\"},\"type\":\"regex\"}")]
    [InlineData("\"structured_outputs\":{\"choice\":[\"a\"]}")]
    [InlineData("\"guided_regex\":\"a+\"")]
    [InlineData("\"gr\\u0061mmar\":\"root ::= x\"")]
    [InlineData("\"logprobs\":true")]
    [InlineData("\"prompt_logprobs\":2")]
    [InlineData("\"return_token_ids\":true")]
    [InlineData("\"min_tokens\":20")]
    [InlineData("\"best_of\":2")]
    [InlineData("\"echo\":true")]
    [InlineData("\"input_ids\":[1,2]")]
    [InlineData("\"continue_final_message\":true")]
    [InlineData("\"stop\":\"now and then\"")]
    [InlineData("\"stop\":[\"x\",\"w\\u0021\"]")]
    public void Some_answers_are_one_piece(string more) =>
        Assert.False(Read($$"""{"messages":[{{Hi}}],{{more}}}""").IsPossible);

    [Theory]
    [InlineData("\"tools\":[],\"functions\":null,\"logprobs\":false,\"top_logprobs\":0,\"best_of\":1,\"min_tokens\":0")]
    [InlineData("\"response_format\":{\"type\":\"text\"}")]
    [InlineData("\"response_format\":null")]
    [InlineData("\"stop\":[\"now\",\"Well\",\".\"]")]
    [InlineData("\"stop\":\"the end\"")]
    [InlineData("\"seed\":7,\"top_k\":3,\"user\":\"u\",\"chat_template_kwargs\":{\"enable_thinking\":false}")]
    public void Others_are_not(string more) => Assert.True(Read($$"""{"messages":[{{Hi}}],{{more}}}""").IsPossible);

    [Fact]
    public void Half_a_surrogate_pair_is_no_beginning() =>
        Assert.False(ContinuableRequest.Read(Bytes($$"""{"messages":[{{Hi}}]}"""), Bytes("a\\ud83d")).IsPossible);

    [Fact]
    public void A_caller_s_own_beginning_in_parts_cannot_be_lengthened()
    {
        var parts = """{"role":"assistant","content":[{"type":"text","text":"Once"}]}""";
        Assert.False(Read($$"""{"messages":[{{Hi}},{{parts}}],"continue_final_message":true}""").IsPossible);
    }

    private static ContinuableRequest Read(string body) => ContinuableRequest.Read(Bytes(body), Bytes("Well now"));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
