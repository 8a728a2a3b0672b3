using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>A cut answer never looks like a whole one: one error event, and no sentinel.</summary>
public sealed class BrokenStreamTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    /// <summary>Set when the caller has the first text: what breaks afterwards breaks in mid stream.</summary>
    private readonly TaskCompletionSource _heard = new();

    public BrokenStreamTests(RecordedGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task A_connection_closed_in_mid_stream_is_an_error() =>
        await AssertBroken(CutStream(RoleChunk, TextChunk("Hello")));

    [Fact]
    public async Task A_connection_reset_in_mid_stream_is_an_error() =>
        await AssertBroken(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + TextChunk("Hello"));
            // A reset throws away what the peer has not read; wait until it has.
            await _heard.Task;
            exchange.Reset();
        });

    [Fact]
    public async Task A_stream_that_ends_in_order_but_without_finish_reason_is_an_error() =>
        await AssertBroken(Stream(RoleChunk, TextChunk("Hello")));

    [Fact]
    public async Task A_sentinel_without_finish_reason_is_an_error() =>
        await AssertBroken(Stream(RoleChunk, TextChunk("Hello"), Done));

    [Fact]
    public async Task One_choice_of_two_without_finish_reason_is_an_error() =>
        await AssertBroken(
            Stream(RoleChunk, TextChunk("Hello"), Chunk("""{"content":"x"}""", index: 1), FinishChunk),
            more: ",\"n\":2"
        );

    [Fact]
    public async Task An_event_cut_in_the_middle_is_not_passed_on_as_one()
    {
        var text = await AssertBroken(CutStream(RoleChunk, TextChunk("Hello"), TextChunk("never")[..40]));

        Assert.DoesNotContain("never", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_chunked_framing_is_an_error() =>
        await AssertBroken(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + TextChunk("Hello"));
            await _heard.Task;
            await exchange.WriteAsync("zz\r\nnonsense\r\n");
            exchange.Close();
        });

    [Theory]
    [InlineData("""{"error":{"message":"out of blocks","type":"InternalServerError","param":null,"code":500}}""")]
    [InlineData("""{"error":{"object":"error","message":"out of blocks","type":"X","param":null,"code":500}}""")]
    [InlineData("""{"object":"error","message":"out of blocks","type":"X","param":null,"code":500}""")]
    [InlineData("""{"error":{"message":"out of blocks","http_status_code":424}}""")]
    [InlineData("""{"error":"out of blocks"}""")]
    public async Task An_error_event_of_the_engine_becomes_one_of_ours(string data)
    {
        var text = await AssertBroken(Stream(RoleChunk, TextChunk("Hello"), $"data: {data}\n\n", Done));

        Assert.Contains(
            "out of blocks",
            ErrorEnvelope.Of(SseEvent.Parse(text)[^1].Data!).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_stalled_stream_is_an_error_of_time()
    {
        var text = await AssertBroken(
            async exchange =>
            {
                await exchange.StartStreamAsync();
                await exchange.ChunkAsync(RoleChunk + TextChunk("Hello"));
                await exchange.GatewayLeftAsync();
            },
            deployment => deployment["timeouts"] = new JsonObject { ["idle"] = "500ms" }
        );

        var error = ErrorEnvelope.Of(SseEvent.Parse(text)[^1].Data!);
        Assert.Equal(("timeout_error", "engine_timeout"), (error.Type, error.Code));
    }

    [Fact]
    public async Task A_stream_that_outlives_its_total_time_is_an_error_of_time()
    {
        var text = await AssertBroken(
            async exchange =>
            {
                var left = exchange.GatewayLeftAsync();
                await exchange.StartStreamAsync();
                await exchange.ChunkAsync(RoleChunk + TextChunk("Hello"));
                while (!left.IsCompleted)
                {
                    await exchange.ChunkAsync(TextChunk("."));
                    await Until.Pause();
                }
            },
            deployment => deployment["timeouts"] = new JsonObject { ["total"] = "1s" }
        );

        var error = ErrorEnvelope.Of(SseEvent.Parse(text)[^1].Data!);
        Assert.Equal(("timeout_error", "engine_timeout"), (error.Type, error.Code));
    }

    [Fact]
    public async Task A_stream_that_ends_before_it_began_is_no_success()
    {
        await using var engine = new RecordingEngine { Script = Stream() };
        var model = await _fixture.DeployAsync(engine.Url);

        var answer = await _fixture.Client.ChatAsync(ChatBody.Stream(model));

        if (answer.Status == 200)
        {
            AssertOneErrorLast(answer.Text);
            return;
        }

        answer.Expect(502);
        Assert.Equal("upstream_error", ErrorEnvelope.Of(answer).Type);
    }

    [Fact]
    public async Task A_line_without_end_does_not_grow_in_memory()
    {
        const int megabytes = 48;
        var line = new string('x', 1024 * 1024);
        var before = _fixture.Gateway.Process.ResidentBytes;

        await AssertBroken(async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + TextChunk("Hello") + "data: ");
            for (var i = 0; i < megabytes; i++)
            {
                await exchange.ChunkAsync(line);
            }

            exchange.Close();
        });

        var grown = _fixture.Gateway.Process.ResidentBytes - before;
        Assert.True(grown < megabytes * 1024L * 1024, $"Grew by {grown / 1024 / 1024} MB.");
    }

    private async Task<string> AssertBroken(
        Func<EngineExchange, Task> script,
        Action<JsonObject>? deployment = null,
        string more = ""
    )
    {
        await using var engine = new RecordingEngine { Script = script };
        var model = await _fixture.DeployAsync(
            engine.Url,
            more =>
            {
                // Nobody is to go on: this is about what the caller is told then.
                more["continuity"] = "off";
                deployment?.Invoke(more);
            }
        );

        using var stream = await _fixture.Client.OpenAsync(ChatBody.Stream(model, more));
        Assert.Equal(200, stream.Status);
        Assert.True(await stream.ReadUntilAsync(text => text.Contains("Hello", StringComparison.Ordinal)), stream.Text);
        _heard.SetResult();

        var text = await stream.ReadToEndAsync();
        Assert.StartsWith(RoleChunk + TextChunk("Hello"), text, StringComparison.Ordinal);
        AssertOneErrorLast(text);
        Assert.Single(engine.Requests);
        return text;
    }

    private static void AssertOneErrorLast(string text)
    {
        Assert.EndsWith("\n\n", text, StringComparison.Ordinal);
        var events = SseEvent.Parse(text).Where(e => !e.IsComment).ToList();
        Assert.DoesNotContain(events, e => e.IsDone);
        Assert.Equal(events.Count - 1, events.FindIndex(e => e.IsError));
        var error = ErrorEnvelope.Of(events[^1].Data!);
        Assert.Contains(
            error.Type,
            (string[])["upstream_error", "timeout_error", "api_error", "overloaded_error", "invalid_request_error"]
        );
    }
}
