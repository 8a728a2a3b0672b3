using System.ClientModel;
using System.Text.Json.Nodes;
using OpenAI.Chat;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Situations;

/// <summary>
/// What goes wrong before the first byte, met by the official library for .NET. A fallback is there, and has other
/// weights: who really answered is told.
/// </summary>
public sealed class RoutingSituationTests : IClassFixture<SituationGateway>
{
    private readonly SituationGateway _fixture;

    public RoutingSituationTests(SituationGateway fixture) => _fixture = fixture;

    [Fact]
    public async Task Situation_1_a_429_that_asks_for_two_seconds_gets_them_and_then_the_answer_is_whole()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        await FailsAsync(engine, "first=1 status=429 retry-after=2");

        var asked = TimeProvider.System.GetTimestamp();
        Assert.Equal(SituationGateway.Weights, await AskAsync(model));

        Assert.True(TimeProvider.System.GetElapsedTime(asked) >= TimeSpan.FromSeconds(1.9), "It was hammered.");
        Assert.Equal(2, await RequestsAsync(engine));
    }

    [Fact]
    public async Task Situation_1_where_another_replica_is_free_nobody_waits_for_the_one_that_wants_a_pause()
    {
        await using var busy = await SituationGateway.EngineAsync();
        await using var free = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(InTurn, busy, free);
        await FailsAsync(busy, "status=429 retry-after=5");

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        }

        Assert.Equal(1, await RequestsAsync(busy));
    }

    [Fact]
    public async Task Situation_2_a_429_for_ever_is_asked_a_few_times_and_then_the_fallback_answers()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        await FailsAsync(engine, "status=429 retry-after=1");

        Assert.Equal("org/spare", await AskAsync(model));

        Assert.InRange(await RequestsAsync(engine), 1, 4);
    }

    [Fact]
    public async Task Situation_3_a_500_once_is_tried_again_at_the_same_deployment()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        await FailsAsync(engine, "first=1 status=500");

        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        Assert.Equal(2, await RequestsAsync(engine));
    }

    [Fact]
    public async Task Situation_4_a_503_for_ever_is_answered_by_the_fallback()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        await FailsAsync(engine, "status=503");

        Assert.Equal("org/spare", await AskAsync(model));
        Assert.InRange(await RequestsAsync(engine), 1, 3);
    }

    [Theory]
    [InlineData("reset-head")]
    [InlineData("close")]
    public async Task Situation_5_a_connection_that_breaks_before_the_head_is_tried_again(string fault)
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(null, engine);
        await FailsAsync(engine, $"first=1 {fault}");

        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
    }

    [Fact]
    public async Task Situation_6_a_replica_that_never_answers_is_asked_once_and_then_another()
    {
        await using var silent = await SituationGateway.EngineAsync();
        await using var well = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(QuickToGiveUp, silent, well);
        await FailsAsync(silent, "silent");
        await FailsAsync(well, "");

        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        Assert.Equal(1, await RequestsAsync(silent));
        Assert.Equal(1, await RequestsAsync(well));
    }

    [Fact]
    public async Task Situation_7_a_head_without_a_first_token_in_time_moves_the_request()
    {
        await using var slow = await SituationGateway.EngineAsync();
        await using var well = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(QuickToGiveUp, slow, well);
        await FailsAsync(slow, "ttft=20s");
        await FailsAsync(well, "");

        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        Assert.Equal(1, await RequestsAsync(well));
    }

    [Fact]
    public async Task Situation_12_a_prompt_that_is_too_long_is_tried_once_and_then_where_it_fits()
    {
        await using var shorter = await SituationGateway.EngineAsync("--max-model-len", "64");
        await using var longer = await SimulatorProcess.StartAsync("--model", "org/long", "--max-model-len", "65536");
        await using var gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Deployment("acme", "long", "org/long", longer.Url)
                .Deployment(
                    "acme",
                    "short",
                    SituationGateway.Weights,
                    shorter.Url,
                    deployment => deployment["fallbacks"] = new JsonArray("long")
                ),
            probes: true
        );
        var question = string.Join(' ', Enumerable.Repeat("water", 400));
        var body = ChatBody.Saying(question, "short")[..^1] + ",\"max_tokens\":8}";

        // What fits is known once the probe has come round.
        Answer? answer = null;
        await Until.TrueAsync(
            async () =>
            {
                answer = await gateway.As("acme").ChatAsync(body);
                return answer.Status == 200;
            },
            "the longer model to answer",
            () => $"{answer}"
        );

        Assert.Equal("org/long", answer!.Header("X-Model-Used"));
        var way = (await gateway.Admin.GetAsync($"requests/{answer.Header("X-Request-Id")}")).Expect(200).Json;
        Assert.Equal(
            [shorter.Url, longer.Url],
            way["steps"]!
                .AsArray()
                .Where(step => step!["step"]!.GetValue<string>() == "attempt")
                .Select(step => step!["replica"]!.GetValue<string>())
        );
    }

    [Fact]
    public async Task Situation_13_a_content_filter_is_asked_once_and_its_own_reason_is_told()
    {
        await using var engine = new RecordingEngine(SituationGateway.Weights)
        {
            Script = EngineScripts.Answer(
                400,
                """{"error":{"message":"The prompt was filtered.","type":"invalid_request_error","param":null,"code":"content_filter"}}"""
            ),
        };
        var model = "filtered";
        await _fixture.Gateway.DeployAsync(
            SituationGateway.Tenant,
            model,
            SituationGateway.Weights,
            engine.Url,
            deployment => deployment["fallbacks"] = new JsonArray("spare")
        );

        var refused = await Assert.ThrowsAsync<ClientResultException>(() => AskAsync(model));

        Assert.Equal(400, refused.Status);
        Assert.Contains("The prompt was filtered.", refused.Message, StringComparison.Ordinal);
        Assert.Single(engine.Requests);
    }

    [Fact]
    public async Task A_lonely_replica_that_is_back_in_a_moment_costs_nobody_their_answer()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(deployment => deployment.Remove("fallbacks"), engine);
        Assert.Equal(SituationGateway.Weights, await AskAsync(model));
        await engine.DieAsync("1500ms");

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 12).Select(_ => _fixture.Client.ChatAsync(ChatBody.Minimal(model)))
        );

        Assert.All(answers, answer => answer.Expect(200));
    }

    [Fact]
    public async Task Situation_16_after_a_503_the_caller_sees_the_fallback_s_model_and_usage_and_the_way_is_explained()
    {
        await using var engine = await SituationGateway.EngineAsync();
        var model = await _fixture.DeployAsync(InTurn, engine);
        await FailsAsync(engine, "status=503");
        var alone = (await _fixture.Client.ChatAsync(ChatBody.Minimal("spare"))).Expect(200);

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);

        Assert.Equal("org/spare", answer.Header("X-Model-Used"));
        Assert.Equal(model, answer.Header("X-Route-Model"));
        Assert.Equal(alone.Json["usage"]!.ToJsonString(), answer.Json["usage"]!.ToJsonString());
        await AssertExplainedAsync(answer.Header("X-Request-Id")!);
    }

    private async Task AssertExplainedAsync(string id)
    {
        var explained = await _fixture.Gateway.Cli.RunAsync("explain", id, "--json");
        var steps = explained.Expect(0).Json["steps"]!.AsArray().Select(step => step!.AsObject()).ToList();
        var ends = steps.Where(step => step["step"]!.GetValue<string>() == "attempt_end").ToList();

        Assert.Equal("engine_error", ends[0]["text"]!.GetValue<string>());
        Assert.Equal("completed", ends[^1]["text"]!.GetValue<string>());
        Assert.Equal(2, steps.Count(step => step["step"]!.GetValue<string>() == "deployment"));
    }

    /// <summary>The upstream model that answered, whole.</summary>
    private async Task<string> AskAsync(string model)
    {
        var answer = await _fixture
            .Library(model)
            .CompleteChatAsync(
                [new UserChatMessage("Tell me about penstocks.")],
                null,
                TestContext.Current.CancellationToken
            )
            .Soon("the answer");
        Assert.Equal(ChatFinishReason.Stop, answer.Value.FinishReason);
        Assert.True(answer.Value.Usage.OutputTokenCount > 0);
        answer.GetRawResponse().Headers.TryGetValue("X-Model-Used", out var used);
        return used!;
    }

    private static async Task FailsAsync(SimulatorProcess engine, string faults)
    {
        await engine.ForgetAsync();
        await engine.FaultsAsync(faults);
    }

    private static Task<long> RequestsAsync(SimulatorProcess engine) => engine.CountAsync("requests");

    private static void InTurn(JsonObject deployment) => deployment["policy"] = "round_robin";

    private static void QuickToGiveUp(JsonObject deployment)
    {
        InTurn(deployment);
        deployment["timeouts"] = new JsonObject { ["first_byte"] = "500ms" };
    }
}
