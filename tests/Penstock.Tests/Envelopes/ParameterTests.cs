using Penstock.Envelopes;

namespace Penstock.Tests.Envelopes;

/// <summary>
/// The contract's table of parameters: each at, inside and outside its range, as null, and as each wrong type.
/// </summary>
public sealed class ParameterTests
{
    private const string AFunction = """{"type":"function","function":{"name":"f"}}""";

    private static readonly ParameterRow[] Table =
    [
        new("stream", ["true", "false"], ["0", "1", "\"true\"", "[]", "{}"], []),
        Integer("max_tokens", ["1", "512", "9223372036854775807"], ["0", "-1", "9223372036854775808", "1" + Zeros]),
        Integer("max_completion_tokens", ["1", "9223372036854775807"], ["0", "-5", "12345678901234567890"]),
        Number(
            "temperature",
            ["0", "2", "0.7", "-0.0", "1e-3", "2.0E0", "1e-400"],
            ["-0.1", "2.0001", "1e400", "-1e400"]
        ),
        Number("top_p", ["0", "1", "0.5"], ["1.01", "-0.01"]),
        Number("presence_penalty", ["-2", "2", "0.0"], ["-2.1", "2.1"]),
        Number("frequency_penalty", ["-2", "2"], ["-3", "1e1"]),
        Integer(
            "seed",
            ["0", "-0", "-9223372036854775808", "9223372036854775807"],
            ["9223372036854775808", "-9223372036854775809"]
        ),
        Integer("n", ["1", "128"], ["0", "129", "-1"]),
        new("logprobs", ["true", "false"], ["1", "\"true\"", "[]", "{}"], []),
        new("top_logprobs", ["0", "-0"], ["0.0", "true", "\"0\"", "[]", "{}"], ["-1"]),
        new(
            "stop",
            ["\"\"", "\"a\"", "[]", "[\"a\"]", "[\"a\",\"b\",\"c\",\"d\"]"],
            ["1", "true", "{}"],
            ["[\"a\",\"b\",\"c\",\"d\",\"e\"]"]
        ),
        new("tools", ["[]", $"[{AFunction}]", "[{\"type\":\"custom\"}]"], ["{}", "\"auto\"", "1", "true"], []),
        new(
            "tool_choice",
            ["\"auto\"", "\"none\"", "\"required\"", "\"\\u0061uto\"", AFunction],
            ["1", "true", "[]"],
            ["\"any\"", "\"AUTO\"", "\"\""]
        ),
        new(
            "response_format",
            [
                """{"type":"text"}""",
                """{"type":"json_object"}""",
                """{"json_schema":{},"type":"json_schema"}""",
                """{"type":"structural_tag","x":1}""",
            ],
            ["\"json_object\"", "1", "true", "[]"],
            []
        ),
        new("user", ["\"me\"", "1", "{}"], [], []),
        new("unknown", ["\"me\"", "1e999", "{\"a\":{\"a\":[]}}"], [], []),
    ];

    private static string Zeros => new('0', 100);

    public static TheoryData<string, string, string?> Rows()
    {
        var rows = new TheoryData<string, string, string?>();
        foreach (var row in Table)
        {
            rows.Add(row.Name, "null", null);
            Add(row.Good, null);
            Add(row.WrongTypes, RefusalCode.InvalidType);
            Add(row.WrongValues, RefusalCode.InvalidValue);

            void Add(string[] values, string? code)
            {
                foreach (var value in values)
                {
                    rows.Add(row.Name, value, code);
                }
            }
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Each_value_of_each_parameter_has_its_answer(string name, string value, string? code)
    {
        var refusal = Bodies.Refusal(Bodies.With($"\"{name}\":{value}"));
        Assert.Equal((code, code is null ? null : name), (refusal?.Code, refusal?.Param));
    }

    [Theory]
    [InlineData("\"stop\":[\"a\",1]", "invalid_type", "stop[1]")]
    [InlineData("\"stop\":[null]", "invalid_type", "stop[0]")]
    [InlineData("\"tools\":[1]", "invalid_type", "tools[0]")]
    [InlineData("\"tools\":[{\"type\":\"function\"},{}]", "missing_required_parameter", "tools[1].type")]
    [InlineData("\"tools\":[{\"type\":null}]", "missing_required_parameter", "tools[0].type")]
    [InlineData("\"tools\":[{\"type\":1}]", "invalid_type", "tools[0].type")]
    [InlineData("\"tool_choice\":{}", "missing_required_parameter", "tool_choice.type")]
    [InlineData("\"tool_choice\":{\"type\":1}", "invalid_type", "tool_choice.type")]
    [InlineData("\"tool_choice\":{\"type\":\"custom\"}", "invalid_value", "tool_choice.type")]
    [InlineData("\"tool_choice\":{\"type\":\"function\"}", "missing_required_parameter", "tool_choice.function")]
    [InlineData("\"tool_choice\":{\"type\":\"function\",\"function\":1}", "invalid_type", "tool_choice.function")]
    [InlineData(
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"x\":1}}",
        "missing_required_parameter",
        "tool_choice.function.name"
    )]
    [InlineData(
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":[]}}",
        "invalid_type",
        "tool_choice.function.name"
    )]
    [InlineData("\"response_format\":{}", "missing_required_parameter", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":null}", "missing_required_parameter", "response_format.type")]
    [InlineData("\"response_format\":{\"type\":7}", "invalid_type", "response_format.type")]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\"}",
        "missing_required_parameter",
        "response_format.json_schema"
    )]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":null}",
        "missing_required_parameter",
        "response_format.json_schema"
    )]
    [InlineData(
        "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":\"{}\"}",
        "invalid_type",
        "response_format.json_schema"
    )]
    [InlineData("\"stream\":true,\"stream_options\":[]", "invalid_type", "stream_options")]
    [InlineData("\"stream\":true,\"stream_options\":true", "invalid_type", "stream_options")]
    [InlineData("\"stream_options\":{}", "invalid_value", "stream_options")]
    [InlineData("\"stream\":false,\"stream_options\":{}", "invalid_value", "stream_options")]
    [InlineData(
        "\"stream\":true,\"stream_options\":{\"include_usage\":1}",
        "invalid_type",
        "stream_options.include_usage"
    )]
    [InlineData("\"top_logprobs\":1", "invalid_value", "top_logprobs")]
    [InlineData("\"top_logprobs\":1,\"logprobs\":false", "invalid_value", "top_logprobs")]
    [InlineData("\"top_logprobs\":1,\"logprobs\":null", "invalid_value", "top_logprobs")]
    public void A_mistake_inside_a_parameter_is_named_by_its_path(string members, string code, string param) =>
        Bodies.Refused(Bodies.With(members), code, param);

    [Theory]
    [InlineData("\"stream\":true,\"stream_options\":null")]
    [InlineData("\"stream_options\":null")]
    [InlineData("\"stream_options\":{\"include_usage\":null},\"stream\":true")]
    [InlineData("\"top_logprobs\":5,\"logprobs\":true")]
    [InlineData("\"top_logprobs\":20,\"logprobs\":true")]
    [InlineData("\"response_format\":{\"type\":\"text\",\"json_schema\":1}")]
    public void What_fits_together_is_accepted(string members) => Assert.Null(Bodies.Refusal(Bodies.With(members)));

    [Fact]
    public void The_message_says_what_was_expected_and_what_came() =>
        Assert.Equal(
            "Invalid type for 'temperature': expected a number between 0 and 2, but got a string instead.",
            Bodies.Refusal(Bodies.With("\"temperature\":\"hot\""))!.Message
        );

    [Fact]
    public void A_number_out_of_range_is_shown() =>
        Assert.Equal(
            "Invalid value for 'n': expected an integer between 1 and 128, but got 129 instead.",
            Bodies.Refusal(Bodies.With("\"n\":129"))!.Message
        );

    [Fact]
    public void A_number_without_end_is_not_shown() =>
        Assert.Equal(
            "Invalid value for 'seed': expected an integer of 64 bits, but got a number of 1000 characters instead.",
            Bodies.Refusal(Bodies.With("\"seed\":" + new string('9', 1000)))!.Message
        );

    [Fact]
    public void The_first_mistake_of_the_body_is_reported() =>
        Bodies.Refused("""{"n":0,"temperature":"x","messages":1}""", RefusalCode.InvalidValue, "n");

    [Fact]
    public void Mistakes_between_fields_come_after_mistakes_in_fields() =>
        Bodies.Refused(Bodies.With("\"stream_options\":{},\"n\":0"), RefusalCode.InvalidValue, "n");

    private static ParameterRow Integer(string name, string[] good, string[] wrongValues) =>
        new(name, good, ["1.0", "1e2", "1E0", "true", "\"1\"", "[]", "[1]", "{}"], wrongValues);

    private static ParameterRow Number(string name, string[] good, string[] wrongValues) =>
        new(name, good, ["true", "\"1\"", "[]", "{}"], wrongValues);

    private sealed record ParameterRow(string Name, string[] Good, string[] WrongTypes, string[] WrongValues);
}
