using System.Text;
using FsCheck;
using FsCheck.Xunit;
using Penstock.Simulator;
using Penstock.Simulator.Answers;

namespace Penstock.Tests.Simulator;

/// <summary>What is said, how long it is and what ends it.</summary>
public sealed class AnswerText
{
    [Theory]
    [InlineData("")]
    [InlineData("\"n\":3")]
    [InlineData("\"max_tokens\":17")]
    [InlineData("\"stop\":[\"river\",\" the\"]")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}")]
    [InlineData("\"seed\":42,\"ignore_eos\":true,\"max_tokens\":200")]
    public async Task Stream_and_JSON_say_the_same(string more)
    {
        await using var simulator = new SimulatorClient();
        foreach (var text in Enumerable.Range(0, 10).Select(i => $"question {i}"))
        {
            var json = await simulator.JsonAsync(SimulatorClient.Body(text, more));
            var stream = await simulator.StreamAsync(
                SimulatorClient.Body(text, more.Length > 0 ? $"{more},\"stream\":true" : "\"stream\":true")
            );
            foreach (var choice in json["choices"]!.AsArray())
            {
                var index = choice!["index"]!.GetValue<int>();
                Assert.Equal(choice["message"]!["content"]!.GetValue<string>(), SimulatorClient.Text(stream, index));
                var last = SimulatorClient.Choices(stream, index).Last();
                Assert.Equal(choice["finish_reason"]!.GetValue<string>(), last["finish_reason"]!.GetValue<string>());
                Assert.Equal(choice["stop_reason"]?.GetValue<string>(), last["stop_reason"]?.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task The_same_request_gets_the_same_answer_from_another_server()
    {
        await using var one = new SimulatorClient();
        await using var other = new SimulatorClient();
        Assert.Equal(
            await TextAsync(one, "\"seed\":7"),
            await TextAsync(other, "\"seed\":7,\"user\":\"someone else\"")
        );
    }

    [Fact]
    public async Task Seed_model_and_message_each_change_the_answer()
    {
        await using var one = new SimulatorClient();
        await using var other = new SimulatorClient(new SimulatorOptions { Seed = 1 });
        string[] texts =
        [
            await TextAsync(one, ""),
            await TextAsync(one, "\"seed\":1"),
            await TextAsync(one, "", "another message, and so another answer"),
            await TextAsync(other, ""),
        ];
        Assert.Equal(4, texts.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task Answers_hold_characters_of_every_length()
    {
        await using var simulator = new SimulatorClient();
        var text = await TextAsync(simulator, "\"max_tokens\":2000,\"ignore_eos\":true");
        Assert.Contains(text.EnumerateRunes(), r => r.Utf8SequenceLength == 2);
        Assert.Contains(text.EnumerateRunes(), r => r.Utf8SequenceLength == 3);
        Assert.Contains(text.EnumerateRunes(), r => r.Utf8SequenceLength == 4);
    }

    [Theory]
    [InlineData("\"max_tokens\":5", 5, "length")]
    [InlineData("\"max_completion_tokens\":6,\"max_tokens\":5", 6, "length")]
    [InlineData("\"max_tokens\":1", 1, "length")]
    [InlineData("\"max_tokens\":64", 64, "stop")]
    [InlineData("\"max_tokens\":null", 64, "stop")]
    [InlineData("\"min_tokens\":100", 100, "stop")]
    [InlineData("\"max_tokens\":300,\"ignore_eos\":true", 300, "length")]
    public async Task An_answer_has_as_many_tokens_as_asked_for(string more, int tokens, string reason)
    {
        await using var simulator = new SimulatorClient();
        var answer = await simulator.JsonAsync(SimulatorClient.Body("hello", more));
        Assert.Equal(tokens, answer["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal(reason, answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_stop_string_ends_the_text_before_it_wherever_it_begins()
    {
        await using var simulator = new SimulatorClient();
        var whole = await TextAsync(simulator, "");
        var runes = whole.EnumerateRunes().ToArray();
        for (var start = 1; start + 9 < runes.Length; start += 7)
        {
            // Nine characters reach over at least one border between tokens.
            var stop = string.Concat(runes.Skip(start).Take(9));
            var expected = whole[..whole.IndexOf(stop, StringComparison.Ordinal)];
            var more = $"\"stop\":{System.Text.Json.JsonSerializer.Serialize(stop)},\"stream\":true";
            var events = await simulator.StreamAsync(SimulatorClient.Body("hello", more));
            Assert.Equal(expected, SimulatorClient.Text(events));
            var last = SimulatorClient.Choices(events).Last();
            Assert.Equal("stop", last["finish_reason"]!.GetValue<string>());
            Assert.Equal(stop, last["stop_reason"]!.GetValue<string>());
        }
    }

    [Fact]
    public async Task The_first_of_several_stop_strings_holds_and_may_be_kept()
    {
        await using var simulator = new SimulatorClient();
        var whole = await TextAsync(simulator, "");
        var words = whole.Split(' ');
        var stops = $"\"stop\":[\"never said\",{Quote(words[9])},{Quote(words[4])}]";
        var first = whole.IndexOf(words[4], StringComparison.Ordinal);
        Assert.Equal(whole[..first], await TextAsync(simulator, stops));
        Assert.Equal(
            whole[..(first + words[4].Length)],
            await TextAsync(simulator, stops + ",\"include_stop_str_in_output\":true")
        );
    }

    [Fact]
    public async Task Choices_differ_and_come_side_by_side()
    {
        await using var simulator = new SimulatorClient();
        var events = await simulator.StreamAsync(SimulatorClient.Body("hello", "\"n\":3,\"stream\":true"));
        Assert.Equal(
            3,
            Enumerable.Range(0, 3).Select(i => SimulatorClient.Text(events, i)).Distinct(StringComparer.Ordinal).Count()
        );
        Assert.Equal([0, 1, 2, 0, 1, 2], events.Take(6).Select(e => e["choices"]![0]!["index"]!.GetValue<int>()));
        Assert.All(
            Enumerable.Range(0, 3),
            i => Assert.Single(SimulatorClient.Choices(events, i), c => c["finish_reason"] is not null)
        );
    }

    [Property]
    public bool Tokens_put_together_are_the_text(NonNull<string> text)
    {
        var tokens = Tokenizer.Split(text.Get);
        return string.Concat(tokens.Select(t => t.Text)).Equals(text.Get, StringComparison.Ordinal)
            && tokens.Count == Tokenizer.Count(text.Get);
    }

    [Fact]
    public void Tokens_never_split_a_character()
    {
        const string Text = "naïve 👩‍🔬 🇵🇹 e\u0301a 水東京 12345 supercalifragilistic\n\n";
        Assert.All(
            Tokenizer.Split(Text),
            t => Assert.Equal(t.Text, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(t.Text)))
        );
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static async Task<string> TextAsync(SimulatorClient simulator, string more, string text = "hello")
    {
        var answer = await simulator.JsonAsync(SimulatorClient.Body(text, more));
        return answer["choices"]![0]!["message"]!["content"]!.GetValue<string>();
    }
}
