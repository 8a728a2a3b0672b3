using System.Text.Json.Nodes;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// What goes wrong in the middle of a stream, met by the official library for .NET, which ends quietly on a cut stream
/// and throws on an error event. A fallback is there, and has other weights.
/// </summary>
public sealed class StreamSituationTests : IClassFixture<SituationGateway>
{
    private const string Question = "Tell me about penstocks.";

    private readonly SituationGateway _fixture;

    public StreamSituationTests(SituationGateway fixture) => _fixture = fixture;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("cut=41")]
    [InlineData("reset=41")]
    [InlineData("bad-chunk=41")]
    [InlineData("error-event=41")]
    [InlineData("no-finish")]
    public async Task Situation_8_a_stream_cut_after_40_of_60_tokens_is_whole_all_the_same(string fault)
    {
        await using var first = await SituationGateway.EngineAsync();
        await using var second = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, first, second);
        var undisturbed = await AskAsync(model);

        await first.FaultsAsync($"nth=1 {fault}");
        await second.FaultsAsync($"nth=1 {fault}");

        Assert.Equal(undisturbed, await AskAsync(model));
    }

    [Fact]
    public async Task Situation_8_a_lonely_replica_that_always_cuts_is_asked_again_from_where_it_stopped()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        var undisturbed = await AskAsync(model);

        await engine.FaultsAsync("cut=41");

        Assert.Equal(undisturbed, await AskAsync(model));
    }

    [Fact]
    public async Task Situation_9_silence_after_20_tokens_is_noticed_and_the_answer_is_whole()
    {
        await using var first = await SituationGateway.EngineAsync();
        await using var second = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(
            deployment => deployment["timeouts"] = new JsonObject { ["idle"] = "500ms" },
            first,
            second
        );
        var undisturbed = await AskAsync(model);

        await first.FaultsAsync("nth=1 stall=21:10m");
        await second.FaultsAsync("nth=1 stall=21:10m");

        Assert.Equal(undisturbed, await AskAsync(model).Soon("the answer, in spite of the silence"));
        await Until.TrueAsync(
            async () => await first.CountAsync("running") + await second.CountAsync("running") == 0,
            "the silent generation to be given up"
        );
    }

    [Fact]
    public async Task Situation_10_an_event_that_is_no_json_is_left_out_and_the_rest_is_there()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        var undisturbed = await AskAsync(model);

        await engine.FaultsAsync("bad-json=10");
        var answer = await AskAsync(model);

        Assert.Equal(undisturbed.Finish, answer.Finish);
        Assert.Equal(undisturbed.Usage, answer.Usage);
        // The event itself is lost with its token: all others are there, in order.
        Assert.InRange(answer.Text.Length, undisturbed.Text.Length - 24, undisturbed.Text.Length - 1);
        var before = answer.Text.Zip(undisturbed.Text).TakeWhile(pair => pair.First == pair.Second).Count();
        Assert.EndsWith(answer.Text[before..], undisturbed.Text, StringComparison.Ordinal);
        using var metrics = new HttpClient();
        var text = await metrics.GetStringAsync(new Uri(_fixture.Gateway.BaseUrl + "/metrics"), Cancel);
        Assert.Contains(
            text.Split('\n'),
            line =>
                line.StartsWith("penstock_stream_malformed_events", StringComparison.Ordinal)
                && line.Contains($"\"{model}\"", StringComparison.Ordinal)
                && line.TrimEnd().Split(' ')[1] == "1"
        );
    }

    [Theory]
    [InlineData("no-done")]
    [InlineData("no-done framing=close")]
    [InlineData("after-done")]
    public async Task Situation_11_without_its_sentinel_a_stream_is_ended_at_once_with_its_usage(string fault)
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        var undisturbed = await AskAsync(model);

        await engine.FaultsAsync(fault);

        Assert.Equal(undisturbed, await AskAsync(model));
        using var stream = await _fixture.Client.OpenAsync(ChatBody.StreamWithUsage(model));
        var raw = StreamedAnswer.Of(await stream.ReadToEndAsync());
        Assert.True(raw.IsWhole, raw.ToString());
        Assert.Single(raw.Usages);
    }

    [Fact]
    public async Task Situation_14_a_refusal_to_go_on_is_never_shown()
    {
        await using var dying = await SituationGateway.EngineAsync();
        await using var refusing = new RecordingEngine(SituationGateway.Weights) { Script = BeginAndRefuseToGoOnAsync };
        var model = await _fixture.DeployAsync(
            deployment =>
            {
                deployment["policy"] = "round_robin";
                deployment["replicas"]!.AsArray().Add((JsonNode)new JsonObject { ["url"] = refusing.Url });
            },
            dying
        );
        await dying.FaultsAsync("cut=21");

        for (var i = 0; i < 6; i++)
        {
            using var stream = await _fixture.Client.OpenAsync(ChatBody.StreamWithUsage(model));
            Assert.Equal(200, stream.Status);
            var text = await stream.ReadToEndAsync();
            var answer = StreamedAnswer.Of(text);
            Assert.DoesNotContain("no partial assistant", text, StringComparison.Ordinal);
            Assert.True(answer.IsWhole || (answer.Errors.Count == 1 && !answer.IsDone), answer.ToString());
        }

        Assert.Contains(refusing.Requests, IsToGoOn);
    }

    /// <summary>Takes a conversation, and dies; judges a partial assistant message as engines do that do not know it.</summary>
    private static Task BeginAndRefuseToGoOnAsync(EngineExchange exchange) =>
        IsToGoOn(exchange.Request)
            ? exchange.AnswerAsync(
                400,
                """{"error":{"message":"no partial assistant messages here","type":"BadRequestError","param":null,"code":400}}"""
            )
            : EngineScripts.CutStream(EngineScripts.RoleChunk, EngineScripts.TextChunk("Hello"))(exchange);

    private static bool IsToGoOn(RecordedRequest request) => request.Json.ContainsKey("continue_final_message");

    private async Task<(string Text, ChatFinishReason? Finish, (int, int, int) Usage)> AskAsync(string model)
    {
        var text = "";
        ChatFinishReason? finish = null;
        var usage = (0, 0, 0);
        var asked = _fixture.Library(model).CompleteChatStreamingAsync([new UserChatMessage(Question)], null, Cancel);
        await foreach (var update in asked)
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            finish = update.FinishReason ?? finish;
            if (update.Usage is { } counted)
            {
                usage = (counted.InputTokenCount, counted.OutputTokenCount, counted.TotalTokenCount);
            }
        }

        return (text, finish, usage);
    }
}
