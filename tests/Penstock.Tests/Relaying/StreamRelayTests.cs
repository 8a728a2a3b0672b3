using System.Text;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using Penstock.Engines;
using Penstock.Primitives;
using Penstock.Relaying;

namespace Penstock.Tests.Relaying;

public sealed class StreamRelayTests
{
    private const string Role =
        """data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}"""
        + "\n\n";
    private const string Text =
        """data: {"id":"c","choices":[{"index":0,"delta":{"content":"grüße 🚰 \"usage\" \"error\":1"},"finish_reason":null}]}"""
        + "\n\n";
    private const string Finish =
        """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop","stop_reason":null}]}""" + "\n\n";
    private const string Usage =
        """data: {"id":"c","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":0,"total_tokens":7}}""" + "\n\n";
    private const string Done = "data: [DONE]\n\n";

    [Fact]
    public async Task A_whole_stream_reaches_the_caller_byte_for_byte()
    {
        var (text, result) = await RelayAsync([Role + Text + Finish + Done]);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(RelayEnding.Whole, result.Ending);
        Assert.Equal(3, result.Chunks);
    }

    [Fact]
    public async Task Usage_that_was_not_asked_for_is_read_and_kept_back()
    {
        var (text, result) = await RelayAsync([Role + Text + Finish + Usage + Done]);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(new TokenUsage(7, 0, null, null), result.Usage);
    }

    [Fact]
    public async Task Usage_that_was_asked_for_is_passed_on()
    {
        var (text, result) = await RelayAsync([Role + Finish + Usage + Done], hideUsage: false);
        Assert.Equal(Role + Finish + Usage + Done, text);
        Assert.Equal(7, result.Usage!.Value.Prompt);
    }

    [Theory]
    [InlineData(
        """{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}],"usage":null}""",
        """{"id":"c","choices":[{"index":0,"delta":{"content":"a"}}]}"""
    )]
    [InlineData(
        """{"usage":{"prompt_tokens":1,"completion_tokens":2},"choices":[{"index":0,"delta":{"content":"a"}}]}""",
        """{"choices":[{"index":0,"delta":{"content":"a"}}]}"""
    )]
    [InlineData(
        """{"id":"c" , "usage" : {"prompt_tokens":1} , "choices":[{"index":0,"delta":{}}]}""",
        """{"id":"c"  , "choices":[{"index":0,"delta":{}}]}"""
    )]
    public async Task Usage_that_rides_on_a_chunk_is_cut_out_of_it(string chunk, string expected)
    {
        var (text, _) = await RelayAsync([$"data: {chunk}\n\n" + Finish + Done]);
        Assert.Equal($"data: {expected}\n\n" + Finish + Done, text);
    }

    [Fact]
    public async Task A_stream_that_lacks_only_its_sentinel_gets_it()
    {
        var (text, result) = await RelayAsync([Role + Text + Finish]);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Theory]
    [InlineData(Role + Text + Done, Role + Text)]
    [InlineData(Role + Text, Role + Text)]
    [InlineData("", "")]
    [InlineData(Done, "")]
    public async Task A_stream_without_its_finish_reason_never_shows_a_sentinel(string engine, string caller)
    {
        var (text, result) = await RelayAsync([engine]);
        Assert.Equal(caller, text);
        Assert.Equal(RelayEnding.Cut, result.Ending);
    }

    [Fact]
    public async Task With_two_choices_both_must_finish()
    {
        var second = """data: {"choices":[{"index":1,"delta":{"content":"b"},"finish_reason":null}]}""" + "\n\n";
        var secondFinish = """data: {"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}""" + "\n\n";
        var (_, half) = await RelayAsync([Role + second + Finish + Done], choices: 2);
        Assert.Equal(RelayEnding.Cut, half.Ending);
        var (text, whole) = await RelayAsync([Role + second + Finish + secondFinish + Done], choices: 2);
        Assert.Equal(RelayEnding.Whole, whole.Ending);
        Assert.EndsWith(Done, text);
    }

    [Theory]
    [InlineData("""{"error":{"message":"out of memory","type":"InternalServerError","param":null,"code":500}}""")]
    [InlineData("""{"object":"error","message":"out of memory","type":"x","param":null,"code":500}""")]
    [InlineData("""{"error":"out of memory"}""")]
    public async Task An_error_event_ends_the_stream_and_is_not_passed_on_in_its_dialect(string error)
    {
        var (text, result) = await RelayAsync([Role + Text + $"data: {error}\n\n" + Done]);
        Assert.Equal(Role + Text, text);
        Assert.Equal(RelayEnding.EngineError, result.Ending);
        Assert.Equal("out of memory", result.Error!.Message);
    }

    [Fact]
    public async Task An_event_that_is_no_json_is_dropped_and_counted()
    {
        var (text, result) = await RelayAsync([Role + "data: {\"id\":\"c\",\"choi\n\n" + Text + Finish + Done]);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(1, result.Malformed);
    }

    [Fact]
    public async Task Comments_line_ends_and_what_follows_the_sentinel_are_handled_as_the_standard_says()
    {
        var crlf = (Role + Finish).Replace("\n", "\r\n", StringComparison.Ordinal);
        var (text, result) = await RelayAsync([": keep-alive\n\n" + crlf + Done + "data: {\"late\":1}\n\n"]);
        Assert.Equal(": keep-alive\n\n" + crlf + Done, text);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Fact]
    public async Task A_missing_last_empty_line_costs_nothing()
    {
        var (text, result) = await RelayAsync([Role + Finish + "data: [DONE]"]);
        Assert.Equal(Role + Finish + Done, text);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Fact]
    public async Task An_event_beyond_the_bound_ends_the_stream()
    {
        var (_, result) = await RelayAsync([Role, "data: " + new string('x', 10_000)]);
        Assert.Equal(RelayEnding.EventTooLarge, result.Ending);
    }

    [Fact]
    public async Task A_source_that_fails_leaves_the_caller_with_whole_events_only()
    {
        var (text, result) = await RelayAsync([Role + Text[..20]], last: ReadStep.Failed);
        Assert.Equal(Role, text);
        Assert.Equal(RelayEnding.SourceFailed, result.Ending);
    }

    [Theory]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"content":"cut"}}""")]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"content":"a"quote"},"finish_reason":null}]}""")]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"content":"\x"},"finish_reason":null}]}""")]
    [InlineData("""{"id":"c","choices":[{"index":0,"delta":{"content":"two"},"finish_reason":null}]}{}""")]
    [InlineData("""["a list"]""")]
    [InlineData("plain words")]
    [InlineData("")]
    public async Task An_event_that_only_resembles_a_chunk_is_dropped_wherever_it_stands(string data)
    {
        var broken = $"data: {data}\n\n";
        var plain =
            """data: {"id":"c","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""" + "\n\n";
        var (text, result) = await RelayAsync([broken + Role + plain + broken + plain + Finish + broken + Done]);
        Assert.Equal(Role + plain + plain + Finish + Done, text);
        Assert.Equal(3, result.Malformed);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Fact]
    public async Task A_finish_reason_that_is_said_again_is_shown_once()
    {
        var (text, result) = await RelayAsync([Role + Text + Finish + Finish + Usage + Finish + Done]);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(7, result.Usage!.Value.Prompt);
    }

    [Fact]
    public async Task A_byte_order_mark_is_no_part_of_the_first_line()
    {
        var error = """data: {"error":{"message":"out of memory"}}""" + "\n\n";
        var (_, failed) = await RelayAsync(["\uFEFF" + error]);
        Assert.Equal(RelayEnding.EngineError, failed.Ending);
        var (text, whole) = await RelayAsync(["\uFEFF" + Role + Finish + Done]);
        Assert.EndsWith(Role + Finish + Done, text, StringComparison.Ordinal);
        Assert.Equal(RelayEnding.Whole, whole.Ending);
    }

    [Theory]
    [InlineData("event: message\n")]
    [InlineData("id: 7\nretry: 100\n")]
    [InlineData(": a comment inside\n")]
    [InlineData("unknown\n")]
    public async Task Other_lines_of_an_event_stay_with_it(string line)
    {
        var (text, result) = await RelayAsync([line + Role + line + Finish + Usage + line + Done]);
        Assert.Equal(line + Role + line + Finish + line + Done, text);
        Assert.Equal(7, result.Usage!.Value.Prompt);
    }

    [Fact]
    public async Task Data_in_several_lines_is_joined_and_means_the_same()
    {
        var chunk =
            "data: {\"choices\":[\r\ndata:{\"index\":0,\"delta\":{\"content\":\"x\"}}\r\ndata\r\ndata: ]}\r\n\r\n";
        var (text, result) = await RelayAsync([Role + chunk + Finish + Done]);
        Assert.Equal(
            Role + "data: {\"choices\":[ {\"index\":0,\"delta\":{\"content\":\"x\"}}  ]}\n\n" + Finish + Done,
            text
        );
        Assert.Equal(0, result.Malformed);
    }

    [Fact]
    public async Task Lines_may_end_with_a_carriage_return_alone()
    {
        var stream = (Role + Finish + Done).Replace('\n', '\r') + "\n";
        var (text, result) = await RelayAsync([stream]);
        Assert.StartsWith((Role + Finish).Replace('\n', '\r'), text, StringComparison.Ordinal);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Fact]
    public async Task A_source_that_breaks_after_the_finish_reason_has_said_everything()
    {
        var (text, result) = await RelayAsync([Role + Text + Finish, "data: {\"id"], last: ReadStep.Failed);
        Assert.Equal(Role + Text + Finish + Done, text);
        Assert.Equal(RelayEnding.Whole, result.Ending);
    }

    [Fact]
    public async Task A_source_that_keeps_silent_after_the_finish_reason_is_not_waited_for()
    {
        using var caller = new CallerSide();
        var time = new FakeTimeProvider();
        var source = new SilentSource(Encoding.UTF8.GetBytes(Role + Text + Finish + Usage), time);
        var result = await caller.RelayAsync(source, time: time);
        Assert.Equal(Role + Text + Finish + Done, caller.Text);
        Assert.Equal((RelayEnding.Whole, 7L), (result.Ending, result.Usage!.Value.Prompt));
        Assert.Equal(2, source.Waited.TotalSeconds);
    }

    [Property(MaxTest = 300)]
    public bool However_the_bytes_are_cut_the_caller_sees_the_same(int seed, bool crlf, bool hide)
    {
        var plain =
            """data: {"id":"c","choices":[{"index":0,"delta":{"content":"x"},"finish_reason":null}]}""" + "\n\n";
        var stream =
            Role + Text + Text + ": note\n\n" + plain + "data: {]}\n\n" + plain + "event: x\ndata: {\ndata: }\n\n";
        stream += Finish + Finish + Usage + Done;
        if (crlf)
        {
            stream = stream.Replace("\n", "\r\n", StringComparison.Ordinal);
        }

        var whole = RelayAsync([stream], hideUsage: hide).AsTask().GetAwaiter().GetResult();
        var cut = RelayAsync(Pieces.Cut(Encoding.UTF8.GetBytes(stream), seed), hide).AsTask().GetAwaiter().GetResult();
        return whole.Text == cut.Text
            && whole.Result.Ending == cut.Result.Ending
            && whole.Result.Usage == cut.Result.Usage;
    }

    private static ValueTask<(string Text, RelayResult Result)> RelayAsync(
        string[] pieces,
        bool hideUsage = true,
        int choices = 1,
        ReadStep last = ReadStep.End
    ) => RelayAsync([.. pieces.Select(Encoding.UTF8.GetBytes)], hideUsage, choices, last);

    private static async ValueTask<(string Text, RelayResult Result)> RelayAsync(
        List<byte[]> pieces,
        bool hideUsage = true,
        int choices = 1,
        ReadStep last = ReadStep.End
    )
    {
        using var caller = new CallerSide();
        var result = await caller.RelayAsync(new ScriptedSource(pieces, last), hideUsage, choices);
        return (caller.Text, result);
    }
}
