using System.Text;
using System.Text.Json.Nodes;

namespace Penstock.Tests.Simulator;

/// <summary>Numbers that must add up, whole and streamed.</summary>
public sealed class UsageAndLogProbs
{
    [Theory]
    [InlineData("")]
    [InlineData("\"max_tokens\":5,")]
    [InlineData("\"n\":4,")]
    [InlineData("\"n\":2,\"stop\":\" the\",")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"},")]
    public async Task Usage_adds_up_and_is_the_same_in_stream_and_JSON(string more)
    {
        await using var simulator = new SimulatorClient();
        var json = (await simulator.JsonAsync(SimulatorClient.Body("count me", more + "\"stream\":false")))["usage"]!;
        var events = await simulator.StreamAsync(
            SimulatorClient.Body("count me", more + "\"stream\":true,\"stream_options\":{\"include_usage\":true}")
        );
        Assert.Empty(events[^1]["choices"]!.AsArray());
        var streamed = events[^1]["usage"]!;
        foreach (var name in (string[])["prompt_tokens", "completion_tokens", "total_tokens"])
        {
            Assert.Equal(json[name]!.GetValue<int>(), streamed[name]!.GetValue<int>());
        }

        Assert.Equal(
            json["total_tokens"]!.GetValue<int>(),
            json["prompt_tokens"]!.GetValue<int>() + json["completion_tokens"]!.GetValue<int>()
        );
        // A chunk a token, behind one role chunk a choice.
        var chunks = events.Count(e =>
            e["choices"]!.AsArray().Count > 0 && e["choices"]![0]!["delta"]!["role"] is null
        );
        Assert.Equal(json["completion_tokens"]!.GetValue<int>(), chunks);
        Assert.Equal(2 * json["completion_tokens"]!.GetValue<int>(), simulator.Server.Counters.GeneratedTokens);
        Assert.Equal(2 * json["prompt_tokens"]!.GetValue<int>(), simulator.Server.Counters.PromptTokens);
    }

    [Fact]
    public async Task Usage_comes_only_when_asked_for()
    {
        await using var simulator = new SimulatorClient();
        var events = await simulator.StreamAsync(SimulatorClient.Body("hello", "\"stream\":true"));
        Assert.DoesNotContain(events, e => e["usage"] is not null || e["choices"]!.AsArray().Count == 0);
        Assert.NotNull(events[^1]["system_fingerprint"]);
    }

    [Fact]
    public async Task Continuous_usage_counts_on_every_chunk()
    {
        await using var simulator = new SimulatorClient();
        var events = await simulator.StreamAsync(
            SimulatorClient.Body(
                "hello",
                "\"max_tokens\":4,\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}"
            )
        );
        Assert.Equal([0, 1, 2, 3, 4, 4], events.Select(e => e["usage"]!["completion_tokens"]!.GetValue<int>()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public async Task Every_token_has_its_log_probability(int top)
    {
        await using var simulator = new SimulatorClient();
        var more = $"\"max_tokens\":30,\"logprobs\":true,\"top_logprobs\":{top}";
        var choice = (await simulator.JsonAsync(SimulatorClient.Body("hello", more)))["choices"]![0]!;
        var content = choice["logprobs"]!["content"]!.AsArray();
        Assert.Equal(30, content.Count);
        Assert.Equal(
            choice["message"]!["content"]!.GetValue<string>(),
            string.Concat(content.Select(c => c!["token"]!.GetValue<string>()))
        );
        Assert.All(content, entry => CheckEntry(entry!, top));

        var events = await simulator.StreamAsync(SimulatorClient.Body("hello", more + ",\"stream\":true"));
        var streamed = SimulatorClient
            .Choices(events)
            .Skip(1)
            .SelectMany(c => c["logprobs"]!["content"]!.AsArray())
            .ToList();
        Assert.Equal(content.Select(c => c!.ToJsonString()), streamed.Select(c => c!.ToJsonString()));
    }

    [Fact]
    public async Task Without_logprobs_there_is_null()
    {
        await using var simulator = new SimulatorClient();
        var choice = (await simulator.JsonAsync(SimulatorClient.Body()))["choices"]![0]!;
        Assert.True(choice.AsObject().ContainsKey("logprobs"));
        Assert.Null(choice["logprobs"]);
    }

    private static void CheckEntry(JsonNode entry, int top)
    {
        Assert.True(entry["logprob"]!.GetValue<double>() <= 0);
        var bytes = entry["bytes"]!.AsArray().Select(b => (byte)b!.GetValue<int>()).ToArray();
        Assert.Equal(entry["token"]!.GetValue<string>(), Encoding.UTF8.GetString(bytes));
        var alternatives = entry["top_logprobs"]!.AsArray();
        Assert.Equal(top, alternatives.Count);
        Assert.Equal(
            top,
            alternatives.Select(a => a!["token"]!.GetValue<string>()).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.Equal(
            alternatives.Select(a => a!["logprob"]!.GetValue<double>()).OrderDescending(),
            alternatives.Select(a => a!["logprob"]!.GetValue<double>())
        );
        if (top > 0)
        {
            Assert.Equal(entry["token"]!.GetValue<string>(), alternatives[0]!["token"]!.GetValue<string>());
        }
    }
}
