using System.Text.Json;
using System.Text.Json.Nodes;
using NJsonSchema;

namespace Penstock.Tests.Simulator;

/// <summary>The pretend model calls tools, and takes up what they answer.</summary>
public sealed class ToolCalls
{
    private const string Weather =
        """{"type":"object","properties":{"location":{"type":"string","minLength":3},"unit":{"type":"string","enum":["celsius","fahrenheit"]},"days":{"type":"integer","minimum":1,"maximum":7}},"required":["location","unit"],"additionalProperties":false}""";

    private const string Tools =
        $$$"""[{"type":"function","function":{"name":"get_weather","description":"w","parameters":{{{Weather}}}}},{"type":"function","function":{"name":"get_time"}}]""";

    [Fact]
    public async Task A_tools_round_trip()
    {
        await using var simulator = new SimulatorClient();
        var first = (await simulator.JsonAsync(SimulatorClient.Body("How is the weather?", $"\"tools\":{Tools}")))[
            "choices"
        ]![0]!;
        Assert.Equal("tool_calls", first["finish_reason"]!.GetValue<string>());
        Assert.Null(first["message"]!["content"]);
        var call = Assert.Single(first["message"]!["tool_calls"]!.AsArray())!;
        Assert.Equal("get_weather", call["function"]!["name"]!.GetValue<string>());
        await AssertValidAsync(call["function"]!["arguments"]!.GetValue<string>());

        var body = $$"""
            {"model":"demo","messages":[{"role":"user","content":"How is the weather?"},{{first[
                "message"
            ]!.ToJsonString()}},
            {"role":"tool","tool_call_id":{{call[
                "id"
            ]!.ToJsonString()}},"content":"rain and 11 degrees"}],"tools":{{Tools}}}
            """;
        var second = (await simulator.JsonAsync(body))["choices"]![0]!;
        Assert.Equal("stop", second["finish_reason"]!.GetValue<string>());
        Assert.Contains(
            "rain and 11 degrees",
            second["message"]!["content"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.False(second["message"]!.AsObject().ContainsKey("tool_calls"));
    }

    [Fact]
    public async Task A_streamed_call_is_the_call_in_pieces()
    {
        await using var simulator = new SimulatorClient();
        const string Text = "Call get_time and get_weather.";
        var whole = (await simulator.JsonAsync(SimulatorClient.Body(Text, $"\"tools\":{Tools}")))["choices"]![0]![
            "message"
        ]!["tool_calls"]!.AsArray();
        Assert.Equal(2, whole.Count);

        var events = await simulator.StreamAsync(SimulatorClient.Body(Text, $"\"tools\":{Tools},\"stream\":true"));
        var deltas = SimulatorClient
            .Choices(events)
            .Select(c => c["delta"]!["tool_calls"])
            .OfType<JsonArray>()
            .Select(c => c[0]!)
            .ToList();
        for (var index = 0; index < whole.Count; index++)
        {
            var mine = deltas.Where(d => d["index"]!.GetValue<int>() == index).ToList();
            Assert.Equal(whole[index]!["id"]!.GetValue<string>(), mine[0]["id"]!.GetValue<string>());
            Assert.Equal("function", mine[0]["type"]!.GetValue<string>());
            Assert.Equal(
                whole[index]!["function"]!["name"]!.GetValue<string>(),
                mine[0]["function"]!["name"]!.GetValue<string>()
            );
            Assert.Equal("", mine[0]["function"]!["arguments"]!.GetValue<string>());
            Assert.All(mine.Skip(1), d => Assert.Equal(["index", "function"], d.AsObject().Select(p => p.Key)));
            Assert.Equal(
                whole[index]!["function"]!["arguments"]!.GetValue<string>(),
                string.Concat(mine.Select(d => d["function"]!["arguments"]!.GetValue<string>()))
            );
        }

        Assert.Equal("tool_calls", SimulatorClient.Choices(events).Last()["finish_reason"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("\"auto\"", "tool_calls", "get_weather")]
    [InlineData("\"required\"", "tool_calls", "get_weather")]
    [InlineData("""{"type":"function","function":{"name":"get_time"}}""", "stop", "get_time")]
    [InlineData("\"none\"", "stop", null)]
    public async Task The_choice_decides(string choice, string reason, string? name)
    {
        await using var simulator = new SimulatorClient();
        var answer = (
            await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"tools\":{Tools},\"tool_choice\":{choice}"))
        )["choices"]![0]!;
        Assert.Equal(reason, answer["finish_reason"]!.GetValue<string>());
        Assert.Equal(name, answer["message"]!["tool_calls"]?[0]?["function"]?["name"]?.GetValue<string>());
    }

    [Fact]
    public async Task Parallel_calls_can_be_forbidden()
    {
        await using var simulator = new SimulatorClient();
        var answer = await simulator.JsonAsync(
            SimulatorClient.Body("get_time, get_weather", $"\"tools\":{Tools},\"parallel_tool_calls\":false")
        );
        Assert.Single(answer["choices"]![0]!["message"]!["tool_calls"]!.AsArray());
    }

    [Fact]
    public async Task A_call_cut_by_max_tokens_ends_with_length_and_a_part_of_its_arguments()
    {
        await using var simulator = new SimulatorClient();
        var whole = await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"tools\":{Tools}"));
        var cut = await simulator.JsonAsync(SimulatorClient.Body("hello", $"\"tools\":{Tools},\"max_tokens\":6"));
        Assert.Equal("length", cut["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(6, cut["usage"]!["completion_tokens"]!.GetValue<int>());
        var part = Arguments(cut);
        Assert.StartsWith(part, Arguments(whole), StringComparison.Ordinal);
        Assert.ThrowsAny<JsonException>(() => JsonNode.Parse(part));
    }

    [Fact]
    public async Task Arguments_are_valid_for_many_questions()
    {
        await using var simulator = new SimulatorClient();
        for (var i = 0; i < 50; i++)
        {
            var answer = await simulator.JsonAsync(SimulatorClient.Body($"question {i}", $"\"tools\":{Tools}"));
            await AssertValidAsync(Arguments(answer));
        }
    }

    private static string Arguments(JsonNode answer) =>
        answer["choices"]![0]!["message"]!["tool_calls"]![0]!["function"]!["arguments"]!.GetValue<string>();

    private static async Task AssertValidAsync(string arguments)
    {
        var schema = await JsonSchema.FromJsonAsync(Weather, TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(arguments));
    }
}
