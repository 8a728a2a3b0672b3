using Penstock.EndToEndTests.Harness;
using static Penstock.EndToEndTests.Harness.EngineScripts;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Comments that keep a silent stream alive, before its first byte and between two.</summary>
public sealed class KeepAliveTests : IAsyncLifetime
{
    private const string Ping = ": ping\n";

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", "m", "org/model", _engine.Url),
            Setting.Of((Setting.KeepAliveSeconds, "0.2"))
        );

    /// <param name="before">Answers that the connection to the engine has carried.</param>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_silence_before_the_first_byte_is_filled_with_comments(int before)
    {
        _engine.Script = Stream(RoleChunk, FinishChunk, UsageChunk, Done);
        for (var i = 0; i < before; i++)
        {
            using var warm = await _gateway.As("acme").OpenAsync(ChatBody.Stream());
            Assert.Equal(RoleChunk + FinishChunk + Done, await warm.ReadToEndAsync());
        }

        var heard = new TaskCompletionSource();
        _engine.Script = async exchange =>
        {
            await heard.Task;
            await Stream(RoleChunk, FinishChunk, UsageChunk, Done)(exchange);
        };

        using var stream = await _gateway.As("acme").OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.StartsWith(Ping + Ping, StringComparison.Ordinal)));
        heard.SetResult();

        var text = await stream.ReadToEndAsync();
        Assert.Equal(200, stream.Status);
        Assert.Equal(RoleChunk + FinishChunk + Done, text.Replace(Ping, "", StringComparison.Ordinal));
        Assert.Equal("text/event-stream; charset=utf-8", stream.Header("Content-Type"));
    }

    [Fact]
    public async Task A_silence_between_two_events_is_filled_with_comments_that_cut_no_event()
    {
        var heard = new TaskCompletionSource();
        var half = TextChunk("Hello").Length / 2;
        _engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            await exchange.ChunkAsync(RoleChunk + TextChunk("Hello")[..half]);
            await heard.Task;
            await exchange.ChunkAsync(TextChunk("Hello")[half..] + FinishChunk + UsageChunk + Done);
            await exchange.EndAsync();
        };

        using var stream = await _gateway.As("acme").OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal)));
        heard.SetResult();

        var text = await stream.ReadToEndAsync();
        Assert.Equal(
            RoleChunk + TextChunk("Hello") + FinishChunk + Done,
            text.Replace(Ping, "", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_error_after_a_comment_is_an_event_of_the_stream()
    {
        var heard = new TaskCompletionSource();
        _engine.Script = async exchange =>
        {
            await heard.Task;
            await exchange.AnswerAsync(400, """{"error":{"message":"no such thing","type":"X","code":400}}""");
        };

        using var stream = await _gateway.As("acme").OpenAsync(ChatBody.Stream());
        Assert.True(await stream.ReadUntilAsync(text => text.Contains(Ping, StringComparison.Ordinal)));
        heard.SetResult();

        var text = await stream.ReadToEndAsync();
        var error = Assert.Single(SseEvent.Parse(text), e => !e.IsComment);
        Assert.Contains("no such thing", ErrorEnvelope.Of(error.Data!).Message, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
