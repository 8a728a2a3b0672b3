namespace Penstock.EndToEndTests.Contract;

/// <summary>
/// The contract's section 3, row by row. <c>Type</c> names the JSON types that are right; everything else is tried as
/// a wrong one. Values are JSON, as sent.
/// </summary>
internal sealed record ParameterRow(string Field, string[] Types, string[] Accepted, string[] OutOfRange)
{
    /// <summary>Members that must stand beside the field for it to mean anything.</summary>
    public string Beside { get; init; } = "";
}

/// <summary>The table itself, and a sample of every JSON type.</summary>
internal static class ParameterTable
{
    public static readonly IReadOnlyDictionary<string, string> Samples = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        ["string"] = "\"text\"",
        ["integer"] = "1",
        ["fraction"] = "1.5",
        ["boolean"] = "true",
        ["array"] = "[]",
        ["object"] = "{}",
    };

    private const string Tool = """{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}""";
    private const string WithTools = ""","tools":[""" + Tool + "]";

    private static readonly string[] Number = ["integer", "fraction"];

    public static readonly IReadOnlyList<ParameterRow> Rows =
    [
        new("stream", ["boolean"], ["false"], []),
        new("max_tokens", ["integer"], ["1", "2", "512", "1000000"], ["0", "-1", "-9223372036854775808"]),
        new("max_completion_tokens", ["integer"], ["1", "2", "1000000"], ["0", "-1"]),
        new(
            "temperature",
            Number,
            ["0", "0.0", "1e-1", "0.7", "2", "2.0"],
            ["2.0000001", "-0.0001", "3", "1e400", "-1e400"]
        ),
        new("top_p", Number, ["0", "0.1", "1", "1.0"], ["1.0000001", "-0.0001", "2", "1e400"]),
        new(
            "stop",
            ["string", "array"],
            ["\"\\n\"", "[\"a\"]", """["a","b","c","d"]"""],
            ["""["a","b","c","d","e"]"""]
        ),
        new("tools", ["array"], ["[" + Tool + "]", """[{"type":"custom","x":{"y":[1]}}]"""], []),
        new(
            "tool_choice",
            ["string", "object"],
            ["\"auto\"", "\"none\"", "\"required\"", """{"type":"function","function":{"name":"f"}}"""],
            ["\"sometimes\""]
        )
        {
            Beside = WithTools,
        },
        new(
            "response_format",
            ["object"],
            [
                """{"type":"text"}""",
                """{"type":"json_object"}""",
                """{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object"}}}""",
                """{"type":"structural_tag","structures":[]}""",
            ],
            []
        ),
        new(
            "seed",
            ["integer"],
            ["0", "-1", "9223372036854775807", "-9223372036854775808"],
            ["9223372036854775808", "-9223372036854775809"]
        ),
        new("logprobs", ["boolean"], ["true", "false"], []),
        new("top_logprobs", ["integer"], ["0", "1", "5"], ["6", "-1", "20"]) { Beside = ""","logprobs":true""" },
        new("n", ["integer"], ["1", "2", "128"], ["0", "-1", "129"]),
        new("presence_penalty", Number, ["-2", "-2.0", "0", "1.5", "2"], ["-2.001", "2.001", "1e400"]),
        new("frequency_penalty", Number, ["-2", "-2.0", "0", "1.5", "2"], ["-2.001", "2.001", "-1e400"]),
    ];

    public static ParameterRow Row(string field) => Rows.Single(row => row.Field == field);

    public static TheoryData<string, string> Accepted => Pairs(row => row.Accepted);

    public static TheoryData<string, string> OutOfRange => Pairs(row => row.OutOfRange);

    public static TheoryData<string, string> WrongTypes =>
        Pairs(row =>
            Samples
                .Where(sample => !row.Types.Contains(sample.Key, StringComparer.Ordinal))
                .Select(sample => sample.Value)
        );

    public static TheoryData<string> Fields => [.. Rows.Select(row => row.Field)];

    private static TheoryData<string, string> Pairs(Func<ParameterRow, IEnumerable<string>> values)
    {
        var data = new TheoryData<string, string>();
        foreach (var row in Rows)
        {
            foreach (var value in values(row))
            {
                data.Add(row.Field, value);
            }
        }

        return data;
    }
}
