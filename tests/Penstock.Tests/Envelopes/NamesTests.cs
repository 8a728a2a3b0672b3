using System.Text.Json;
using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>Two readers that disagree are a hole: names that one parser takes for another's are refused.</summary>
public sealed class NamesTests
{
    [Theory]
    [InlineData("\"model\":\"other\"", "model")]
    [InlineData("\"mod\\u0065l\":\"other\"", "model")]
    [InlineData("\"model\":null", "model")]
    [InlineData("\"messages\":1", "messages")]
    [InlineData("\"n\":1,\"n\":1", "n")]
    [InlineData("\"max_tokens\":null,\"max_tokens\":5", "max_tokens")]
    [InlineData("\"user\":\"a\",\"us\\u0065r\":\"b\"", "user")]
    [InlineData("\"priority\":1,\"priority\":2", "priority")]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"include_us\\u0061ge\":false}",
        "stream_options.include_usage"
    )]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"continuous_usage_stats\":true,\"continuous_usage_stats\":false}",
        "stream_options.continuous_usage_stats"
    )]
    public void A_name_given_twice_is_refused(string members, string param)
    {
        var refusal = Bodies.Refusal(Bodies.With(members));
        Assert.Equal((RefusalCode.InvalidValue, param), (refusal?.Code, refusal?.Param));
        Assert.Contains("given twice", refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Model", "model")]
    [InlineData("STREAM", "stream")]
    [InlineData("\\u0053tream", "stream")]
    [InlineData("\u017Ftream", "stream")]
    [InlineData("max_to\u212Aens", "max_tokens")]
    [InlineData("max_to\\u212aens", "max_tokens")]
    [InlineData("N", "n")]
    [InlineData("Priority", "priority")]
    public void A_name_that_only_a_reader_ignoring_case_would_take_is_refused(string name, string param)
    {
        var refusal = Bodies.Refusal(Bodies.With($"\"{name}\":1"));
        Assert.Equal((RefusalCode.InvalidValue, param), (refusal?.Code, refusal?.Param));
        Assert.Contains("case-sensitive", refusal!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Include_usage", "stream_options.include_usage")]
    [InlineData("include_u\u017Fage", "stream_options.include_usage")]
    [InlineData("CONTINUOUS_USAGE_STATS", "stream_options.continuous_usage_stats")]
    public void So_is_one_inside_stream_options(string name, string param) =>
        Bodies.Refused(
            Bodies.With($"\"stream\":true,\"stream_options\":{{\"{name}\":false}}"),
            RefusalCode.InvalidValue,
            param
        );

    [Theory]
    [InlineData("\"unknown\":1,\"unknown\":2")]
    [InlineData("\"Unknown\":1,\"\":{\"Model\":1},\"model \":2,\"models\":3")]
    [InlineData("\"\\ud800model\":1,\"m\u00f6del\":1")]
    [InlineData("\"stream\":true,\"stream_options\":{\"x\":1,\"x\":2,\"\\ud800\":1,\"XYZ\":3}")]
    public void Unknown_names_pass_however_often_they_come(string members) =>
        Assert.Null(Bodies.Refusal(Bodies.With(members)));

    [Fact]
    public void A_name_of_any_length_passes() =>
        Assert.Null(
            Bodies.Refusal(Bodies.With($"\"{new string('N', 100_000)}\":1,\"\\u004e{new string('K', 99)}\":1"))
        );

    [Fact]
    public void Escaped_names_mean_what_they_spell()
    {
        var envelope = Bodies.Accepted(
            $$"""{"\u006dodel":"m","me\u0073sages":{{Bodies.Messages}},"\u0073tream":true,"\u006e":3}"""
        );
        Assert.Equal((true, 3), (envelope.Stream, envelope.N));
    }

    [Fact]
    public void Every_field_has_its_name_in_the_contracts_spelling()
    {
        foreach (var field in Enum.GetValues<EnvelopeField>()[1..^1])
        {
            Assert.Equal(JsonNamingPolicy.SnakeCaseLower.ConvertName(field.ToString()), EnvelopeNames.Of(field));
        }

        Assert.Equal(EngineControls.Names[0], EnvelopeNames.Of(EnvelopeField.FirstEngineControl));
    }

    [Fact]
    public void Every_name_fits_its_scratch_space_in_the_longest_spelling_that_folds_to_it() =>
        Assert.All(
            EngineControls.Names.Append("max_completion_tokens").Append("continuous_usage_stats"),
            static name => Assert.InRange(name.Length * 3, 1, NameFolding.LongestName)
        );
}
