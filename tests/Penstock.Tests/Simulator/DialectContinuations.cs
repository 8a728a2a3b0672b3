using System.Text.Json;
using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>A partial answer, given back, goes on with exactly the rest of the undisturbed one.</summary>
public sealed class DialectContinuations
{
    private const string Continue = "\"continue_final_message\":true,\"add_generation_prompt\":false";

    [Theory]
    [InlineData("vllm", "")]
    [InlineData("vllm", "\"max_tokens\":30")]
    [InlineData("vllm", "\"seed\":7,\"temperature\":0")]
    [InlineData("vllm", "\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData("sglang", "")]
    [InlineData("sglang", "\"max_tokens\":30")]
    [InlineData("sglang", "\"ignore_eos\":true,\"max_tokens\":90")]
    [InlineData("llamacpp", "")]
    [InlineData("llamacpp", "\"max_tokens\":30")]
    public async Task Wherever_it_was_cut_the_rest_follows(string dialect, string more)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        var whole = await simulator.JsonAsync(SimulatorClient.Body("tell me", more));
        var text = Content(whole);
        var runes = text.EnumerateRunes().ToArray();
        for (var length = 1; length <= runes.Length; length += 13)
        {
            var said = string.Concat(runes.Take(length));
            var rest = await simulator.JsonAsync(Body(said, more));
            // Tokens that were said leave less to say; the limit is the caller's to lower.
            Assert.StartsWith(text[said.Length..], Content(rest), StringComparison.Ordinal);
            var events = await simulator.StreamAsync(
                Body(said, $"{more}{(more.Length > 0 ? "," : "")}\"stream\":true")
            );
            Assert.Equal(Content(rest), SimulatorClient.Text(events));
        }
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("llamacpp")]
    public async Task With_the_limit_lowered_by_what_was_said_the_ends_are_equal(string dialect)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        var events = await simulator.StreamAsync(SimulatorClient.Body("tell me", "\"stream\":true,\"max_tokens\":40"));
        var pieces = SimulatorClient
            .Choices(events)
            .Select(c => c["delta"]!["content"]?.GetValue<string>() ?? "")
            .ToArray();
        for (var k = 1; k < 40; k += 6)
        {
            // The first event is the role's.
            var said = string.Concat(pieces.Take(k + 1));
            var rest = await simulator.JsonAsync(Body(said, $"\"max_tokens\":{40 - k}"));
            Assert.Equal(string.Concat(pieces.Skip(k + 1)), Content(rest));
            Assert.Equal("length", rest["choices"]![0]!["finish_reason"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task Another_text_is_gone_on_with_in_other_words()
    {
        await using var simulator = new SimulatorClient();
        var one = Content(await simulator.JsonAsync(Body("Once upon a time", "")));
        Assert.NotEmpty(one);
        Assert.NotEqual(one, Content(await simulator.JsonAsync(Body("Twice upon a time", ""))));
    }

    [Fact]
    public async Task Without_the_switch_the_partial_answer_is_a_message()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Continuation = false });
        var text = Content(await simulator.JsonAsync(SimulatorClient.Body("tell me")));
        var said = text[..5];
        Assert.NotEqual(text[5..], Content(await simulator.JsonAsync(Body(said, ""))));
    }

    [Fact]
    public async Task VLLM_wants_the_template_told_too()
    {
        await using var simulator = new SimulatorClient();
        var (status, _) = await simulator.RefusalAsync(
            SimulatorClient.Body("tell me", "\"continue_final_message\":true")
        );
        Assert.Equal(400, status);
    }

    private static string Body(string said, string more) =>
        $$"""{"model":"demo","messages":[{"role":"user","content":"tell me"},{"role":"assistant","content":{{JsonSerializer.Serialize(said)}}}],{{Continue}}{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private static string Content(JsonNode answer) => answer["choices"]![0]!["message"]!["content"]!.GetValue<string>();
}
