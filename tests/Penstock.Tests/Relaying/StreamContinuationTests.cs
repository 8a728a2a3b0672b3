using System.Text;
using System.Text.Json;
using FsCheck.Xunit;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

/// <summary>What a caller sees of a stream that one engine begins and another ends.</summary>
public sealed class StreamContinuationTests
{
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task The_caller_sees_one_stream_with_one_role_one_identity_and_one_end()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        var first = await caller.RelayAsync(Role("a") + Text("a", "Hello") + Text("a", " wor"));
        Assert.Equal(RelayEnding.Cut, first.Ending);
        story.Resume();
        Assert.Equal(("Hello wor", 2L), (Encoding.UTF8.GetString(story.Said.Span), story.SaidTokens));
        var second = await caller.RelayAsync(Role("b") + Text("b", "ld") + Finish("b") + Done);
        Assert.Equal(RelayEnding.Whole, second.Ending);
        Assert.Equal(
            Role("a") + Text("a", "Hello") + Text("a", " wor") + Text("a", "ld") + Finish("a") + Done,
            caller.Text
        );
        Assert.Equal(1, story.Times);
    }

    [Fact]
    public async Task A_role_that_rides_on_a_text_is_cut_out_of_it()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", "x"));
        story.Resume();
        await caller.RelayAsync(Chunk("b", """{"role":"assistant","content":"y"}""") + Finish("b") + Done);
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y") + Finish("a") + Done, caller.Text);
    }

    [Theory]
    [InlineData("\\n", "\\n", "next")]
    [InlineData(" \\n\\n", " \\n", "\\n", "next")]
    [InlineData("\\n", "\\nnext")]
    [InlineData(" \\n", "next")]
    public async Task White_space_at_the_cut_is_said_again_and_shown_once(string end, params string[] goesOn)
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", "Hello") + Text("a", end));
        story.Resume();
        Assert.Equal(("Hello", 1L), (Encoding.UTF8.GetString(story.Said.Span), story.SaidTokens));
        await caller.RelayAsync(string.Concat(goesOn.Select(text => Text("b", text))) + Finish("b") + Done);
        Assert.Equal("Hello" + end.Replace("\\n", "\n", StringComparison.Ordinal) + "next", Content(caller.Text));
        Assert.Equal("Hello" + end + "next", Encoding.UTF8.GetString(story.Text));
    }

    [Theory]
    [InlineData("a\\\\n", "a\\\\n")]
    [InlineData("a\\\\\\n", "a\\\\")]
    [InlineData("n", "n")]
    [InlineData(" \\t\\r\\n ", "")]
    public void White_space_is_told_from_an_escaped_backslash(string text, string kept)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Assert.Equal(kept.Length, JsonBlanks.TrimEnd(bytes));
        Assert.Equal(kept.Length == 0, JsonBlanks.IsBlank(bytes));
    }

    [Fact]
    public async Task Usage_is_that_of_the_whole_answer()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", "one") + Text("a", "two"), hideUsage: false);
        story.Resume();
        var second = await caller.RelayAsync(
            Text("b", "three") + Finish("b") + Usage("b", prompt: 12, completion: 2) + Done,
            hideUsage: false
        );
        Assert.Equal(new TokenUsage(10, 4, null, null), second.Usage);
        Assert.EndsWith(Usage("a", prompt: 10, completion: 4) + Done, caller.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_that_counts_as_it_goes_is_believed()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Counted("a", "one two three", 20, 3) + Counted("a", " four five", 20, 5));
        story.Resume();
        Assert.Equal(5, story.SaidTokens);
        var second = await caller.RelayAsync(Counted("b", " six", 26, 1) + Finish("b") + Usage("b", 26, 2) + Done);
        // The second engine's prompt holds the part that was said, whatever its template made of it.
        Assert.Equal(new TokenUsage(20, 7, null, null), second.Usage);
        Assert.Equal(7, story.Tokens);
    }

    [Fact]
    public async Task Chunks_of_many_tokens_that_nobody_counts_are_estimated_by_their_bytes()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", new string('x', 800)));
        Assert.Equal(100, story.Tokens);
    }

    [Theory]
    [InlineData("""{"content":null,"reasoning_content":"hm"}""")]
    [InlineData("""{"reasoning":"hm"}""")]
    [InlineData("""{"tool_calls":[{"index":0,"id":"x","type":"function","function":{"name":"f","arguments":""}}]}""")]
    [InlineData("""{"refusal":"no"}""")]
    public async Task What_is_more_than_text_cannot_be_gone_on_with(string delta)
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", "x") + Chunk("a", delta));
        Assert.True(story.IsBarred);

        using var other = Story();
        using var theirs = new CallerSide(other);
        await theirs.RelayAsync(Role("a") + Text("a", "x"));
        other.Resume();
        var second = await theirs.RelayAsync(Text("b", "y") + Chunk("b", delta) + Finish("b") + Done);
        Assert.Equal(RelayEnding.Astray, second.Ending);
        Assert.Equal(Role("a") + Text("a", "x") + Text("a", "y"), theirs.Text);
    }

    [Theory]
    [InlineData("""{"content":"x","reasoning":null,"tool_calls":[],"refusal":null,"function_call":null}""")]
    [InlineData("""{"content":"x","reasoning_content":""}""")]
    public async Task Members_that_say_nothing_forbid_nothing(string delta)
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Chunk("a", delta));
        Assert.False(story.IsBarred);
        Assert.Equal("x", Encoding.UTF8.GetString(story.Text));
    }

    [Fact]
    public async Task A_text_beyond_the_bound_ends_with_its_engine()
    {
        using var story = new StreamContinuation(keepsText: true, mostBytes: 10);
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a") + Text("a", "12345") + Text("a", "678901") + Text("a", "2"));
        Assert.True(story.IsBarred);
        Assert.False(story.HasText);
    }

    [Fact]
    public async Task A_request_that_cannot_be_gone_on_with_may_still_begin_anew_before_its_text()
    {
        using var story = new StreamContinuation(keepsText: false, mostBytes: 100);
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Role("a"));
        Assert.Equal((true, false), (story.IsShown, story.IsBarred));
        story.Resume();
        var calls = """{"tool_calls":[{"index":0,"function":{"name":"f","arguments":"{}"}}]}""";
        var second = await caller.RelayAsync(Role("b") + Chunk("b", calls) + Finish("b") + Done);
        Assert.Equal(RelayEnding.Whole, second.Ending);
        Assert.Equal(Role("a") + Chunk("a", calls) + Finish("a") + Done, caller.Text);
    }

    [Fact]
    public async Task An_answer_that_has_all_its_tokens_is_ended_without_an_engine()
    {
        using var story = Story();
        using var caller = new CallerSide(story);
        await caller.RelayAsync(Counted("a", "one", 20, 1) + Counted("a", " two", 20, 2), hideUsage: false);
        using var written = new MemoryStream();
        var writer = System.IO.Pipelines.PipeWriter.Create(written);
        story.WriteEnd(writer, showsUsage: true);
        await writer.CompleteAsync();
        Assert.Equal(
            Chunk("a", "{}", "\"length\"") + Usage("a", 20, 2) + Done,
            Encoding.UTF8.GetString(written.ToArray())
        );
    }

    [Property(MaxTest = 300)]
    public bool Wherever_it_is_cut_and_however_the_bytes_arrive_the_text_is_the_undisturbed_one(int at, int seed)
    {
        string[] words = ["Gr", "üße", " an", "\\n", "\\n", " die", " \\\"Welt\\\"", " \\ud83d\\udeb0", "\\n", "!"];
        var cut = (int)((uint)at % (words.Length + 1));
        using var story = Story();
        using var caller = new CallerSide(story);
        var begun = Role("a") + string.Concat(words[..cut].Select(word => Text("a", word)));
        _ = caller
            .RelayAsync(begun + Text("a", "lost")[..30], true, ReadStep.Failed, seed)
            .AsTask()
            .GetAwaiter()
            .GetResult();
        story.Resume();
        // The second engine says what was not sent to it, and what follows.
        var said = Encoding.UTF8.GetString(story.Said.Span).Length;
        var rest = string.Concat(words)[said..];
        var ended = Role("b") + Text("b", rest) + Finish("b") + Usage("b", 30, words.Length) + Done;
        var result = caller.RelayAsync(ended, true, ReadStep.End, seed).AsTask().GetAwaiter().GetResult();
        return result.Ending == RelayEnding.Whole
            && Content(caller.Text) == "Grüße an\n\n die \"Welt\" 🚰\n!"
            && !caller.Text.Contains("\"b\"", StringComparison.Ordinal)
            && caller.Text.Split("assistant").Length == 2
            && caller.Text.Split("\"stop\"").Length == 2;
    }

    private static StreamContinuation Story() => new(keepsText: true, mostBytes: 1 << 20);

    private static string Content(string stream) =>
        string.Concat(
            stream
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Where(e => !e.EndsWith("[DONE]", StringComparison.Ordinal))
                .Select(e =>
                {
                    using var chunk = JsonDocument.Parse(e["data: ".Length..]);
                    var delta = chunk.RootElement.GetProperty("choices")[0].GetProperty("delta");
                    return delta.TryGetProperty("content", out var content) ? content.GetString() : "";
                })
        );

    private static string Role(string id) => Chunk(id, """{"role":"assistant","content":""}""");

    private static string Text(string id, string text) => Chunk(id, $$"""{"content":"{{text}}"}""");

    private static string Finish(string id) => Chunk(id, "{}", "\"stop\"");

    private static string Chunk(string id, string delta, string finish = "null", string more = "") =>
        $$"""data: {{{Members(id)}},"choices":[{"index":0,"delta":{{delta}},"logprobs":null,"finish_reason":{{finish}}}]{{more}}}"""
        + "\n\n";

    private static string Usage(string id, int prompt, int completion) =>
        $$"""data: {{{Members(id)}},"choices":[],"usage":{{Numbers(prompt, completion)}}}""" + "\n\n";

    private static string Counted(string id, string text, int prompt, int completion) =>
        Chunk(id, $$"""{"content":"{{text}}"}""", more: $",\"usage\":{Numbers(prompt, completion)}");

    private static string Numbers(int prompt, int completion) =>
        $$"""{"prompt_tokens":{{prompt}},"total_tokens":{{prompt + completion}},"completion_tokens":{{completion}}}""";

    private static string Members(string id) =>
        $"\"id\":\"{id}\",\"object\":\"chat.completion.chunk\",\"created\":{(id == "a" ? 1 : 2)},\"model\":\"{id}/m\"";
}
