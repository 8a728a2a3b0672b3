using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>The rules of a stream that goes well: headers, flushing, usage, and how it ends.</summary>
public sealed class StreamingTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public StreamingTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Fact]
    public async Task A_stream_carries_the_headers_of_a_stream()
    {
        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream())).Expect(200);

        Assert.Equal("text/event-stream; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("no-cache, no-transform", answer.Header("Cache-Control"));
        Assert.Equal("no", answer.Header("X-Accel-Buffering"));
        Assert.Null(answer.Header("Content-Encoding"));
        Assert.Null(answer.Header("Content-Length"));
    }

    [Fact]
    public async Task A_stream_is_never_compressed()
    {
        var answer = await _fixture.Client.ChatAsync(ChatBody.Stream(), ("Accept-Encoding", "gzip, br, deflate, zstd"));

        Assert.Null(answer.Expect(200).Header("Content-Encoding"));
        Assert.EndsWith(Done, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_piece_is_handed_on_before_the_next_is_there()
    {
        var heard = new TaskCompletionSource();
        _fixture.Engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk);
            await exchange.ChunkAsync(TextChunk("first"));
            await heard.Task;
            await exchange.ChunkAsync(TextChunk("second") + FinishChunk + UsageChunk + Done);
            await exchange.EndAsync();
        };

        using var stream = await _fixture.Client.OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.Contains(TextChunk("first"), StringComparison.Ordinal)));
        heard.SetResult();

        Assert.EndsWith(FinishChunk + Done, await stream.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"stream_options\":{\"include_usage\":false}")]
    [InlineData(",\"stream_options\":null")]
    public async Task Usage_that_was_not_asked_for_is_not_seen(string options)
    {
        // An engine that is asked for usage puts it into every chunk, as null or as a running count.
        var text = TextChunk("Hello");
        _fixture.Engine.Script = Stream(
            WithUsage(RoleChunk, "null"),
            WithUsage(text, """{"prompt_tokens":7,"total_tokens":8,"completion_tokens":1}"""),
            WithUsage(FinishChunk, "null"),
            UsageChunk,
            Done
        );

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream(more: options))).Expect(200);

        Assert.True(_fixture.Engine.Requests[0].Json["stream_options"]!["include_usage"]!.GetValue<bool>());
        Assert.DoesNotContain("usage", answer.Text, StringComparison.Ordinal);
        Assert.Equal(RoleChunk + text + FinishChunk + Done, answer.Text);
    }

    [Fact]
    public async Task Usage_that_was_asked_for_is_seen_as_the_engine_wrote_it()
    {
        string[] pieces = [WithUsage(RoleChunk, "null"), TextChunk("Hello"), FinishChunk, UsageChunk, Done];
        _fixture.Engine.Script = Stream(pieces);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.StreamWithUsage())).Expect(200);

        Assert.Equal(string.Concat(pieces), answer.Text);
    }

    [Fact]
    public async Task A_finish_chunk_that_also_carries_usage_and_text_loses_the_usage_only()
    {
        var finish = Chunk("""{"content":"!"}""", "\"length\"");
        _fixture.Engine.Script = Stream(RoleChunk, WithUsage(finish, Usage), Done);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream())).Expect(200);

        Assert.Equal(RoleChunk + finish + Done, answer.Text);
    }

    [Fact]
    public async Task A_stream_that_merely_lacks_its_sentinel_is_completed()
    {
        _fixture.Engine.Script = Stream(RoleChunk, TextChunk("Hello"), FinishChunk);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream())).Expect(200);

        Assert.Equal(RoleChunk + TextChunk("Hello") + FinishChunk + Done, answer.Text);
    }

    [Fact]
    public async Task A_stream_of_two_choices_that_both_finished_is_completed()
    {
        var second = Chunk("{}", "\"length\"", index: 1);
        _fixture.Engine.Script = Stream(RoleChunk, Chunk("{}", index: 1), FinishChunk, second);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream(more: ",\"n\":2"))).Expect(200);

        Assert.EndsWith(FinishChunk + second + Done, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_sentinel_comes_nothing()
    {
        _fixture.Engine.Script = Stream(RoleChunk, FinishChunk, Done, TextChunk("late"), Done);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Stream())).Expect(200);

        Assert.Equal(RoleChunk + FinishChunk + Done, answer.Text);
    }

    [Fact]
    public async Task An_engine_that_keeps_the_connection_open_after_the_sentinel_holds_nobody()
    {
        _fixture.Engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + FinishChunk + UsageChunk + Done);
            await exchange.GatewayLeftAsync();
        };

        var answer = await _fixture.Client.ChatAsync(ChatBody.Stream()).Soon("the end of the stream");

        Assert.EndsWith(Done, answer.Expect(200).Text, StringComparison.Ordinal);
    }

    private static string WithUsage(string chunk, string usage) =>
        chunk.Replace("}\n\n", $",\"usage\":{usage}}}\n\n", StringComparison.Ordinal);
}
