using System.Text;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>What an engine wants of a body beyond the contract, spliced into the caller's bytes.</summary>
public sealed class EngineFieldTests
{
    private const string M = Bodies.Messages;
    private const string Tools =
        """[{"type":"function","function":{"name":"a","parameters":{"name":"b"}}}, {"type":"function","function":{"name":"b"}} ,{"type":"custom"}]""";

    private static readonly EnvelopeTerms Cutting = Bodies.OfTheEngine with
    {
        LeftOut = ["store", "metadata", "verbosity"],
    };

    [Theory]
    [InlineData("""{"model":"m","messages":M,"store":true}""", """{"model":"m","messages":M}""")]
    [InlineData("""{"store":true,"model":"m","messages":M}""", """{"model":"m","messages":M}""")]
    [InlineData(
        """{ "store" : true , "metadata":{"a":[1]} ,"model":"m","messages":M}""",
        """{ "model":"m","messages":M}"""
    )]
    [InlineData(
        """{"model":"m", "store":null ,"metadata":{},"messages":M , "verbosity":"low"}""",
        """{"model":"m","messages":M}"""
    )]
    [InlineData(
        """{"model":"m","messages":M,"st\u006fre":1,"x":{"store":1}}""",
        """{"model":"m","messages":M,"x":{"store":1}}"""
    )]
    [InlineData(
        """{"model":"m","messages":M,"prediction":1,"Store":1}""",
        """{"model":"m","messages":M,"prediction":1,"Store":1}"""
    )]
    public void A_field_that_the_engine_refuses_and_nobody_needs_is_left_out_with_one_comma(
        string given,
        string sent
    ) => Assert.Equal(sent.Replace("M", M), Bodies.Sent(given.Replace("M", M), Cutting));

    [Fact]
    public void Other_engines_get_every_field()
    {
        var body = Bodies.With("\"store\":true,\"guided_json\":{},\"Store\":false");
        Assert.Equal(body, Bodies.Sent(body, Bodies.OfTheEngine));
    }

    [Theory]
    [InlineData("\"store\":true,\"x\":1,\"store\":true")]
    [InlineData("\"store\":true,\"st\\u006fre\":false")]
    public void A_noted_field_given_twice_is_refused_so_that_the_cuts_are_bounded(string given) =>
        Bodies.Refused(Bodies.With(given), RefusalCode.InvalidValue, "store");

    [Fact]
    public void Every_noted_field_can_go_at_once_together_with_all_other_splices()
    {
        var noted = string.Join(',', NotedFields.Table.Select(name => $"\"{name}\":[{{}}]"));
        var sent = Bodies.Sent(
            "{" + noted + $$""","model":"x","messages":{{M}},"stream":true,"temperature":null}""",
            Bodies.OfTheContract with
            {
                LeftOut = NotedFields.Table,
            }
        );

        Assert.Equal(
            $$"""{"model":"org/model","messages":{{M}},"stream":true,"temperature":1,"max_tokens":512,"top_p":1,"stream_options":"""
                + """{"include_usage":true}}""",
            sent
        );
    }

    [Property]
    public Property Whatever_the_order_what_is_left_is_json_without_them()
    {
        string[] names = ["model", "messages", "store", "metadata", "verbosity", "seed", "x", "temperature"];
        return Prop.ForAll(
            Gen.Shuffle(names).ToArbitrary(),
            order =>
            {
                var members = order.Select(name => $"\"{name}\":{ValueOf(name)}");
                var sent = Bodies.Sent("{" + string.Join(" , ", members) + "}", Cutting with { TopP = 0.5 });
                var kept = order.Where(name => name is not ("store" or "metadata" or "verbosity")).Append("top_p");
                return JsonNode.Parse(sent)!.AsObject().Select(member => member.Key).SequenceEqual(kept);
            }
        );

        static string ValueOf(string name) =>
            name switch
            {
                "model" => "\"m\"",
                "messages" => M,
                "metadata" => "{\"a\":\",}\"}",
                "seed" or "temperature" => "1",
                _ => "null",
            };
    }

    [Property]
    public Property All_that_is_cut_at_once_leaves_json_in_any_order()
    {
        string[] names = ["model", "messages", "store", "tools", "tool_choice", "max_completion_tokens", "top_p", "x"];
        var terms = Ignoring with { LeftOut = ["store"], KnowsMaxTokensOnly = true, RefusesTopPOfOne = true };
        return Prop.ForAll(
            Gen.Shuffle(names).ToArbitrary(),
            order =>
            {
                var members = order.Select(name =>
                    name switch
                    {
                        "model" => "\"model\":\"m\"",
                        "messages" => $"\"messages\":{M}",
                        "tools" => $"\"tools\":{Tools}",
                        "tool_choice" => "\"tool_choice\":\"none\"",
                        _ => $"\"{name}\":1",
                    }
                );
                var sent = Bodies.Sent("{" + string.Join(',', members) + "}", terms);
                string[] kept =
                [
                    .. order.Where(name => name is "model" or "messages" or "tool_choice" or "x"),
                    "max_tokens",
                ];
                return JsonNode.Parse(sent)!.AsObject().Select(member => member.Key).SequenceEqual(kept);
            }
        );
    }

    [Fact]
    public void A_null_is_spelled_as_the_default_where_the_engine_refuses_nulls() =>
        Assert.Equal(
            Bodies.With(
                "\"n\":1,\"stream\":false,\"logprobs\":false,\"presence_penalty\":0,\"frequency_penalty\":0,\"seed\":null"
            ),
            Bodies.Sent(
                Bodies.With(
                    "\"n\":null,\"stream\":null,\"logprobs\":null,\"presence_penalty\":null,\"frequency_penalty\":null,\"seed\":null"
                ),
                Bodies.OfTheEngine with
                {
                    RefusesNulls = true,
                }
            )
        );

    [Theory]
    [InlineData("\"max_completion_tokens\":30,\"x\":1", "\"x\":1,\"max_tokens\":30")]
    [InlineData("\"max_tokens\":null,\"max_completion_tokens\":30", "\"max_tokens\":30")]
    [InlineData("\"max_tokens\":9,\"max_completion_tokens\":30", "\"max_tokens\":30")]
    [InlineData("\"max_tokens\":9", "\"max_tokens\":9")]
    public void An_engine_that_knows_the_older_name_only_is_told_under_it(string given, string sent) =>
        Assert.Equal(
            Bodies.With(sent),
            Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine with { KnowsMaxTokensOnly = true, MaxTokens = 512 })
        );

    [Theory]
    [InlineData("\"top_p\":1,\"x\":1", "\"x\":1")]
    [InlineData("\"top_p\":1.0e0,\"x\":1", "\"x\":1")]
    [InlineData("\"top_p\":0.9,\"x\":1", "\"top_p\":0.9,\"x\":1")]
    [InlineData("\"top_p\":null,\"x\":1", "\"top_p\":null,\"x\":1")]
    public void A_top_p_that_asks_for_nothing_is_left_out_where_the_engine_refuses_it(string given, string sent) =>
        Assert.Equal(
            Bodies.With(sent),
            Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine with { RefusesTopPOfOne = true })
        );

    [Theory]
    [InlineData("\"stop\": \"a,]\" ,\"x\":1", "\"stop\": [\"a,]\"] ,\"x\":1")]
    [InlineData("\"stop\":[\"a\"]", "\"stop\":[\"a\"]")]
    [InlineData("\"stop\":null", "\"stop\":null")]
    public void A_single_stop_becomes_a_list_where_the_engine_reads_lists_only(string given, string sent) =>
        Assert.Equal(
            Bodies.With(sent),
            Bodies.Sent(Bodies.With(given), Bodies.OfTheEngine with { WantsStopAsList = true })
        );

    [Theory]
    [InlineData("a", """{"type":"function","function":{"name":"a","parameters":{"name":"b"}}}""")]
    [InlineData("b", """{"type":"function","function":{"name":"b"}}""")]
    [InlineData("\\u0062", """{"type":"function","function":{"name":"b"}}""")]
    public void A_named_tool_is_required_as_the_only_one(string name, string tool)
    {
        var choice = "{\"type\":\"function\",\"function\":{\"name\":\"" + name + "\"}}";

        Assert.Equal(
            Bodies.With($"\"tool_choice\":\"required\",\"tools\":[{tool}]"),
            Bodies.Sent(Bodies.With($"\"tool_choice\":{choice},\"tools\":{Tools}"), Words)
        );
        Assert.Equal(
            Bodies.With($"\"tools\": [{tool}],\"tool_choice\" :\"required\""),
            Bodies.Sent(Bodies.With($"\"tools\": {Tools},\"tool_choice\" :{choice}"), Words)
        );
    }

    [Theory]
    [InlineData("\"auto\"")]
    [InlineData("\"none\"")]
    [InlineData("\"required\"")]
    [InlineData("null")]
    public void The_words_of_tool_choice_stay(string choice)
    {
        var body = Bodies.With($"\"tools\":{Tools},\"tool_choice\":{choice}");
        Assert.Equal(body, Bodies.Sent(body, Words));
        Assert.Null(Refusal(body, Words));
    }

    [Theory]
    [InlineData("\"tools\":" + Tools)]
    [InlineData("\"tools\":[]")]
    [InlineData("\"tools\":null")]
    [InlineData("\"x\":1")]
    public void A_name_that_no_tool_has_is_refused(string tools)
    {
        var choice = """{"type":"function","function":{"name":"c"}}""";
        var refusal = Refusal(Bodies.With($"{tools},\"tool_choice\":{choice}"), Words);

        Assert.Equal((RefusalCode.InvalidValue, "tool_choice"), (refusal?.Code, refusal?.Param));
    }

    [Theory]
    [InlineData("\"required\"", true)]
    [InlineData("""{"type":"function","function":{"name":"a"}}""", true)]
    [InlineData("\"auto\"", false)]
    [InlineData("\"n\\u006fne\"", false)]
    [InlineData("null", false)]
    public void A_call_that_cannot_be_forced_is_refused_and_not_forgotten(string choice, bool isRefused)
    {
        var refusal = Refusal(Bodies.With($"\"tools\":{Tools},\"tool_choice\":{choice}"), Ignoring);

        Assert.Equal(isRefused ? "tool_choice" : null, refusal?.Param);
    }

    [Fact]
    public void Where_tool_choice_is_never_looked_at_none_means_no_tools() =>
        Assert.Equal(
            Bodies.With("\"tool_choice\":\"none\",\"seed\":1"),
            Bodies.Sent(Bodies.With($"\"tools\":{Tools},\"tool_choice\":\"none\",\"seed\":1"), Ignoring)
        );

    [Fact]
    public void Where_no_rule_applies_nothing_is_allocated()
    {
        var body = Encoding.UTF8.GetBytes(Bodies.With("\"stream\":true,\"tools\":" + Tools + ",\"store\":true"));
        var rules = new EnvelopeRules(Bodies.OfTheContract with { RefusesNulls = true, KnowsMaxTokensOnly = true });
        EnvelopeReader.Read(body, out var envelope);
        var spliced = new SplicedBody(body);

        Assert.Equal(
            0,
            Allocations.Of(() =>
            {
                rules.Refuse(envelope, body);
                spliced.Begin(body);
                rules.Apply(envelope, spliced);
            })
        );
    }

    [Fact]
    public void A_rule_for_a_field_that_is_not_noted_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => new EnvelopeRules(Bodies.OfTheEngine with { LeftOut = ["unheard_of"] }));

    private static EnvelopeTerms Words => Bodies.OfTheEngine with { ToolChoice = ToolChoices.Words };

    private static EnvelopeTerms Ignoring => Bodies.OfTheEngine with { ToolChoice = ToolChoices.Ignored };

    private static EnvelopeRefusal? Refusal(string body, EnvelopeTerms terms) =>
        new EnvelopeRules(terms).Refuse(Bodies.Accepted(body), Encoding.UTF8.GetBytes(body));
}
