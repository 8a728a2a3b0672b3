using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

public sealed class EnvelopeTests
{
    [Fact]
    public void A_minimal_request_leaves_everything_at_its_default()
    {
        var envelope = Bodies.Accepted(Bodies.Minimal);
        Assert.Equal((false, null, 1, 0L), (envelope.Stream, envelope.MaxTokens, envelope.N, envelope.TopLogprobs));
        Assert.False(envelope.HasTools || envelope.HasLogprobs || envelope.HasGrammar || envelope.IncludeUsage);
        Assert.Equal(Bodies.Minimal.Length - 1, envelope.ClosingBrace);
        Assert.True(envelope[EnvelopeField.Temperature].IsAbsent);
    }

    [Theory]
    [InlineData("\"max_tokens\":5", 5L)]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":7", 7L)]
    [InlineData("\"max_completion_tokens\":7,\"max_tokens\":5", 7L)]
    [InlineData("\"max_completion_tokens\":null,\"max_tokens\":5", 5L)]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":null", 5L)]
    [InlineData("\"max_tokens\":null,\"max_completion_tokens\":null", null)]
    public void The_newer_name_of_the_token_limit_wins(string members, long? limit) =>
        Assert.Equal(limit, Bodies.Accepted(Bodies.With(members)).MaxTokens);

    [Theory]
    [InlineData("\"tools\":[]", false, false)]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", true, false)]
    [InlineData("\"response_format\":{\"type\":\"text\"}", false, false)]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", false, true)]
    [InlineData("\"response_format\":{\"json_schema\":{},\"type\":\"json_schema\"}", false, true)]
    public void Tools_and_grammars_are_noted(string members, bool tools, bool grammar)
    {
        var envelope = Bodies.Accepted(Bodies.With(members));
        Assert.Equal((tools, grammar), (envelope.HasTools, envelope.HasGrammar));
    }

    [Fact]
    public void Fields_are_found_where_they_stand()
    {
        const string Body =
            """{ "messages" : [{"role":"user","content":"x"}] , "user": "me" ,"temperature": null,"model":"m"}""";
        var envelope = Bodies.Accepted(Body);
        Assert.Equal("""[{"role":"user","content":"x"}]""", At(EnvelopeField.Messages));
        Assert.Equal("\"me\"", At(EnvelopeField.User));
        Assert.Equal("\"m\"", At(EnvelopeField.Model));
        Assert.Equal("null", At(EnvelopeField.Temperature));
        Assert.True(envelope[EnvelopeField.Temperature].IsNull);
        Assert.Equal("m", Encoding.UTF8.GetString(envelope.Model.Raw(Encoding.UTF8.GetBytes(Body))));

        string At(EnvelopeField field) => Body.Substring(envelope[field].Start, envelope[field].Length);
    }

    [Theory]
    [InlineData(5, 5, null)]
    [InlineData(6, 5, "top_logprobs")]
    [InlineData(20, 20, null)]
    [InlineData(21, 20, "top_logprobs")]
    public void A_deployment_caps_the_top_logprobs(int asked, int cap, string? param)
    {
        var envelope = Bodies.Accepted(Bodies.With($"\"logprobs\":true,\"top_logprobs\":{asked}"));
        var refusal = new EnvelopeRules(Bodies.OfTheEngine with { TopLogprobs = cap }).Refuse(envelope, []);
        Assert.Equal(param, refusal?.Param);
        Assert.Equal(param is null ? null : RefusalCode.InvalidValue, refusal?.Code);
    }

    [Fact]
    public void A_deployment_lowers_n()
    {
        var rules = new EnvelopeRules(Bodies.OfTheEngine with { N = 4 });
        Assert.Null(rules.Refuse(Bodies.Accepted(Bodies.With("\"n\":4")), []));
        var refusal = rules.Refuse(Bodies.Accepted(Bodies.With("\"n\":5")), []);
        Assert.Equal(
            "Invalid value for 'n': expected an integer between 1 and 4 for this model, but got 5 instead.",
            refusal?.Message
        );
    }

    [Fact]
    public void The_limit_of_tokens_is_the_callers_or_else_the_deployments()
    {
        var rules = new EnvelopeRules(Bodies.OfTheContract);
        Assert.Equal(512, rules.MaxTokens(Bodies.Accepted(Bodies.Minimal)));
        Assert.Equal(3, rules.MaxTokens(Bodies.Accepted(Bodies.With("\"max_tokens\":3"))));
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"stream\":true,\"stream_options\":{\"x\":[1,{\"y\":\"\\n\"}]},\"max_tokens\":null,\"top_k\":1e3")]
    [InlineData(",\"\\u0073tream\":true,\"max_tokens\":5,\"max_completion_tokens\":6,\"temperature\":0.125,\"Top\":1")]
    public void Reading_and_splicing_allocate_nothing(string members)
    {
        var body = Encoding.UTF8.GetBytes(Bodies.Minimal[..^1] + members + "}");
        var rules = new EnvelopeRules(Bodies.OfTheContract);
        var spliced = new SplicedBody(body);
        ReadAndSplice();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var length = ReadAndSplice();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.NotEqual(0, length);

        int ReadAndSplice()
        {
            var sum = EnvelopeReader.Read(body, out var envelope) is null ? 0 : int.MinValue;
            spliced.Begin(body);
            rules.Apply(envelope, spliced);
            foreach (var segment in spliced)
            {
                sum += segment.Length;
            }

            return sum;
        }
    }
}
