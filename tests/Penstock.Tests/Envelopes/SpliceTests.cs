using System.Text;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

public sealed class SpliceTests
{
    private const string M = Bodies.Messages;

    [Fact]
    public void A_silent_caller_gets_the_upstream_name_and_the_defaults() =>
        Assert.Equal(
            $$"""{"model":"org/model","messages":{{M}},"max_tokens":512,"temperature":1,"top_p":1}""",
            Bodies.Sent(Bodies.Minimal)
        );

    [Theory]
    [InlineData("""{"max_tokens":7,"model":"m","temperature":0.20,"messages":M,"top_p":1e-1}""")]
    [InlineData("""{ "top_p" : 1, "temperature":0 ,"max_completion_tokens":9,"messages":M, "model":"m"}""")]
    [InlineData("""{"model":"m","messages":M,"max_tokens":5,"max_completion_tokens":5,"temperature":1,"top_p":1}""")]
    public void What_the_caller_gave_is_left_as_it_stands(string body) =>
        Assert.Equal(body.Replace("M", M).Replace("\"m\"", "\"org/model\""), Bodies.Sent(body.Replace("M", M)));

    [Theory]
    [InlineData(
        "\"max_tokens\":null,\"temperature\":null,\"top_p\":null",
        "\"max_tokens\":512,\"temperature\":1,\"top_p\":1"
    )]
    [InlineData("\"temperature\": null ,\"a\":0", "\"temperature\": 1 ,\"a\":0,\"max_tokens\":512,\"top_p\":1")]
    [InlineData(
        "\"max_completion_tokens\":null",
        "\"max_completion_tokens\":null,\"max_tokens\":512,\"temperature\":1,\"top_p\":1"
    )]
    [InlineData(
        "\"max_tokens\":null,\"max_completion_tokens\":3,\"top_p\":0,\"temperature\":0",
        "\"max_tokens\":null,\"max_completion_tokens\":3,\"top_p\":0,\"temperature\":0"
    )]
    public void A_null_makes_way_for_the_default(string given, string sent) =>
        Assert.Equal(
            Bodies.With(sent),
            Bodies.Sent(Bodies.With(given), Bodies.OfTheContract with { UpstreamModel = "m" })
        );

    [Theory]
    [InlineData("\"max_tokens\":900,\"max_completion_tokens\":30", "\"max_tokens\":30,\"max_completion_tokens\":30")]
    [InlineData("\"max_completion_tokens\":30,\"max_tokens\":9", "\"max_completion_tokens\":30,\"max_tokens\":30")]
    public void Of_two_different_limits_the_newer_name_wins_on_every_engine(string given, string sent) =>
        Assert.Equal(Bodies.With(sent), Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine));

    [Theory]
    [InlineData("\"stream\":true", "\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData(
        "\"stream_options\": null, \"stream\":true",
        "\"stream_options\": {\"include_usage\":true}, \"stream\":true"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{ }",
        "\"stream\":true,\"stream_options\":{ \"include_usage\":true}"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"x\":[1]}",
        "\"stream\":true,\"stream_options\":{\"x\":[1],\"include_usage\":true}"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"include_usage\":false,\"x\":1}",
        "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"x\":1}"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"include_usage\": null}",
        "\"stream\":true,\"stream_options\":{\"include_usage\": true}"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":true,\"include_usage\":false}",
        "\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":false,\"include_usage\":true}"
    )]
    public void A_stream_always_asks_for_usage(string given, string sent) =>
        Assert.Equal(Bodies.With(sent), Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine));

    [Theory]
    [InlineData("\"stream\":false")]
    [InlineData("\"stream\":null")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":true}")]
    [InlineData("\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}")]
    public void Nothing_is_asked_where_nothing_is_missing(string given) =>
        Assert.Equal(Bodies.With(given), Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine));

    [Fact]
    public void A_deployment_may_leave_usage_alone() =>
        Assert.Equal(
            Bodies.With("\"stream\":true"),
            Bodies.Sent(Bodies.With("\"stream\":true"), Bodies.OfTheEngine with { UsageOnStreams = false })
        );

    [Theory]
    [InlineData("m", "m")]
    [InlineData("\\u006d", "\\u006d")]
    [InlineData("other", "m")]
    public void Only_another_name_is_replaced(string given, string sent) =>
        Assert.Equal(
            $$"""{"messages":{{M}},"model" : "{{sent}}"}""",
            Bodies.Sent($$"""{"messages":{{M}},"model" : "{{given}}"}""", Bodies.OfTheEngine)
        );

    [Theory]
    [InlineData("a\"b\\c", "a\\\"b\\\\c")]
    [InlineData("modèle-1+2", "modèle-1+2")]
    public void The_upstream_name_is_spelled_as_json(string upstream, string spelled) =>
        Assert.Equal(
            $$"""{"model":"{{spelled}}","messages":{{M}}}""",
            Bodies.Sent(Bodies.Minimal, new EnvelopeTerms { UpstreamModel = upstream })
        );

    [Theory]
    [InlineData(0.7, "0.7")]
    [InlineData(2.0, "2")]
    [InlineData(0.000001, "1E-06")]
    public void Defaults_are_spelled_as_short_as_can_be(double temperature, string spelled) =>
        Assert.Equal(
            Bodies.With("\"temperature\":" + spelled),
            Bodies.Sent(Bodies.Minimal, Bodies.OfTheEngine with { Temperature = temperature })
        );

    [Fact]
    public void The_pieces_are_the_callers_own_memory_and_none_is_empty()
    {
        var body = Encoding.UTF8.GetBytes(Bodies.With("\"stream\":true,\"stream_options\":{}"));
        Assert.Null(EnvelopeReader.Read(body, out var envelope));
        var spliced = new SplicedBody(body);
        new EnvelopeRules(Bodies.OfTheContract).Apply(envelope, spliced);

        var length = 0;
        foreach (var segment in spliced)
        {
            Assert.NotEqual(0, segment.Length);
            length += segment.Length;
        }

        Assert.Equal(spliced.Length, length);
        Assert.Equal(3, spliced.SpliceCount);
    }
}
