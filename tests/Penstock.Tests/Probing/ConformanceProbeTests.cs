using Penstock.Engines;
using Penstock.Probing;
using Penstock.Simulator;

namespace Penstock.Tests.Probing;

/// <summary>The card equals what the simulator was told to be; <see cref="ProbedEngine"/> counts what it cost.</summary>
public sealed class ConformanceProbeTests
{
    private static readonly SimulatorOptions Vllm = new() { Dialect = "vllm", MaxModelLen = 8192 };

    [Fact]
    public async Task A_complete_vllm_has_a_card_without_a_no_and_without_a_warning()
    {
        var card = await ProbedEngine.CardOfAsync(
            Vllm with
            {
                EngineVersion = "0.27.1",
                KeepAlive = TimeSpan.FromSeconds(1),
            }
        );

        Assert.Equal(["demo"], card.Models);
        Assert.Equal(("vllm", "0.27.1", 8192), (card.Engine, card.EngineVersion, card.ContextLength));
        Assert.Equal(ErrorDialect.Wrapped, card.ErrorDialect);
        Assert.Equal(20, card.TopLogprobs);
        Assert.Equal(1 << 20, card.LargestBody);
        Assert.InRange(card.IdleConnection!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
        Assert.All(FindingsOf(card), finding => Assert.Equal(Finding.Yes, finding));
        Assert.Empty(card.Warnings);
    }

    [Theory]
    [InlineData(0, "Yes")]
    [InlineData(Timeout.Infinite, "No")]
    public async Task An_engine_that_goes_on_after_a_hang_up_is_told_from_one_that_stops(int lag, string found)
    {
        var options = Vllm with { Itl = TimeSpan.FromMilliseconds(200), AbortLag = TimeSpan.FromMilliseconds(lag) };

        // Where the machine is too busy for a judgement there is none: then it is asked again.
        var card = await ProbedEngine.CardOfAsync(options);
        for (var tries = 1; card.AbortFreesSlot is Finding.Unknown && tries < 5; tries++)
        {
            card = await ProbedEngine.CardOfAsync(options);
        }

        Assert.Equal(found, card.AbortFreesSlot.ToString());
        Assert.Equal(
            found is "No",
            card.Warnings.Contains("goes on generating after a caller has left", StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task An_engine_that_is_too_fast_to_be_watched_is_said_nothing_of()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm);

        Assert.Equal(Finding.Unknown, card.AbortFreesSlot);
        Assert.Empty(card.Warnings);
    }

    [Fact]
    public async Task Without_its_flag_tools_under_auto_are_refused_and_the_flag_is_named()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { AutoToolChoice = false });

        Assert.Equal((Finding.No, Finding.Yes), (card.AutoToolChoice, card.ToolCalls));
        Assert.Equal(
            "started without `--enable-auto-tool-choice`: requests with tools and tool_choice auto will be refused",
            Assert.Single(card.Warnings)
        );
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(5, 5)]
    [InlineData(19, 5)]
    [InlineData(20, 20)]
    public async Task Log_probabilities_are_tried_with_twenty_and_then_with_five(int most, int? found)
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { MaxLogProbs = most });

        Assert.Equal(found, card.TopLogprobs);
        Assert.Equal(found is null ? Finding.No : Finding.Yes, card.Logprobs);
    }

    [Fact]
    public async Task A_form_that_is_overlooked_is_told_from_one_that_is_kept()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { StructuredOutput = false });

        Assert.Equal(Finding.No, card.StructuredOutput);
        Assert.Contains(card.Warnings, warning => warning.Contains("json_schema", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Usage_at_the_end_alone_is_told_from_usage_on_every_chunk()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { ContinuousUsage = false });

        Assert.Equal((Finding.Yes, Finding.No), (card.UsageInStreams, card.UsageOnEveryChunk));
    }

    [Fact]
    public async Task Usage_that_does_not_come_is_warned_of()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { ContinuousUsage = false, Directives = "usage-missing" });

        Assert.Equal((Finding.No, Finding.No), (card.UsageInStreams, card.UsageOnEveryChunk));
        Assert.Contains(card.Warnings, warning => warning.Contains("no usage in streams", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_partial_message_that_is_answered_instead_of_continued_is_found_out()
    {
        var card = await ProbedEngine.CardOfAsync(Vllm with { Continuation = false });

        Assert.Equal(Finding.No, card.ContinuesPartialMessage);
    }

    [Fact]
    public async Task SGLang_s_card_is_its_dialect()
    {
        var card = await ProbedEngine.CardOfAsync(
            new SimulatorOptions
            {
                Dialect = "sglang",
                EngineVersion = "0.5.9",
                MaxRunning = 48,
            }
        );

        Assert.Equal(("sglang", "0.5.9", ErrorDialect.Flat), (card.Engine, card.EngineVersion, card.ErrorDialect));
        Assert.Equal(48, card.MaxConcurrency);
        Assert.Equal(Finding.Yes, card.UsageInStreams);
        Assert.Equal(Finding.Yes, card.UsageOnEveryChunk);
        Assert.Equal(Finding.Yes, card.ToolCalls);
        Assert.Equal(Finding.Yes, card.AutoToolChoice);
        Assert.Equal(Finding.Yes, card.Logprobs);
        Assert.Equal(Finding.Yes, card.SeveralChoices);
        Assert.Equal(Finding.Yes, card.StructuredOutput);
        Assert.Equal(Finding.Yes, card.ContinuesPartialMessage);
        Assert.Equal(Finding.Yes, card.TakesCacheSalt);
        Assert.Empty(card.Warnings);
    }

    [Fact]
    public async Task TensorRT_LLM_s_card_is_its_dialect()
    {
        var card = await ProbedEngine.CardOfAsync(new SimulatorOptions { Dialect = "trtllm", EngineVersion = "1.2.0" });

        Assert.Equal(("trtllm", "1.2.0", ErrorDialect.Text), (card.Engine, card.EngineVersion, card.ErrorDialect));
        Assert.Null(card.ContextLength);
        Assert.Equal(Finding.Yes, card.UsageInStreams);
        Assert.Equal(Finding.Yes, card.UsageOnEveryChunk);
        Assert.Equal(Finding.Yes, card.AutoToolChoice);
        Assert.Equal(Finding.Yes, card.SeveralChoices);
        Assert.Equal(Finding.Yes, card.TakesCacheSalt);
        // It refuses what it does not know.
        Assert.Equal(Finding.No, card.ContinuesPartialMessage);
        Assert.Empty(card.Warnings);
    }

    [Fact]
    public async Task A_plain_openai_server_s_card_takes_nothing_for_granted()
    {
        var card = await ProbedEngine.CardOfAsync(new SimulatorOptions { Dialect = "openai" });

        Assert.Null(card.Engine);
        Assert.Equal(ErrorDialect.Wrapped, card.ErrorDialect);
        Assert.Equal(Finding.Yes, card.UsageInStreams);
        Assert.Equal(Finding.No, card.UsageOnEveryChunk);
        Assert.Equal(Finding.No, card.ContinuesPartialMessage);
        Assert.Equal(Finding.No, card.TakesCacheSalt);
        Assert.Equal(Finding.Unknown, card.AbortFreesSlot);
    }

    [Fact]
    public async Task Llama_cpp_s_card_is_its_dialect()
    {
        var card = await ProbedEngine.CardOfAsync(
            new SimulatorOptions
            {
                Dialect = "llamacpp",
                MaxModelLen = 4096,
                MaxRunning = 4,
            }
        );

        Assert.Equal(("llamacpp", 4096, 4), (card.Engine, card.ContextLength, card.MaxConcurrency));
        Assert.Equal(ErrorDialect.Wrapped, card.ErrorDialect);
        Assert.Equal((Finding.Yes, Finding.No), (card.UsageInStreams, card.UsageOnEveryChunk));
        Assert.Equal(Finding.Yes, card.ToolCalls);
        Assert.Equal(Finding.Yes, card.AutoToolChoice);
        Assert.Equal(Finding.Yes, card.Logprobs);
        Assert.Equal(Finding.Yes, card.SeveralChoices);
        Assert.Equal(Finding.Yes, card.StructuredOutput);
        Assert.Equal(Finding.Yes, card.ContinuesPartialMessage);
        Assert.Equal(Finding.No, card.TakesCacheSalt);
    }

    [Fact]
    public async Task Ollama_s_card_is_its_dialect()
    {
        var card = await ProbedEngine.CardOfAsync(new SimulatorOptions { Dialect = "ollama" });

        Assert.Equal(("ollama", ErrorDialect.Wrapped), (card.Engine, card.ErrorDialect));
        Assert.Equal((Finding.Yes, Finding.No), (card.UsageInStreams, card.UsageOnEveryChunk));
        // It reads neither, and says nothing of that.
        Assert.Equal((Finding.No, Finding.No), (card.SeveralChoices, card.TakesCacheSalt));
        Assert.Contains(card.Warnings, warning => warning.Contains("n asks for several", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TGI_s_card_is_its_dialect()
    {
        var card = await ProbedEngine.CardOfAsync(new SimulatorOptions { Dialect = "tgi" });

        Assert.Equal(Finding.Yes, card.UsageInStreams);
        Assert.Equal((Finding.No, Finding.No), (card.SeveralChoices, card.TakesCacheSalt));
        // It takes five at most.
        Assert.Equal((Finding.Yes, 5), (card.Logprobs, card.TopLogprobs));
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("trtllm")]
    [InlineData("llamacpp")]
    [InlineData("ollama")]
    [InlineData("tgi")]
    [InlineData("openai")]
    public async Task A_probe_asks_nothing_that_generates_unseen_or_takes_numbers_from_another_reader(string dialect)
    {
        var (_, requests) = await ProbedEngine.ProbeAsync(
            new SimulatorOptions { Dialect = dialect, Itl = TimeSpan.FromMilliseconds(20) }
        );

        string[] costly = dialect switch
        {
            "sglang" => ["/health", "/health_generate"],
            "trtllm" or "llamacpp" => ["/metrics", "/health_generate"],
            _ => ["/health_generate"],
        };
        Assert.All(requests, request => Assert.DoesNotContain(PathOf(request), costly));
    }

    [Fact]
    public async Task An_engine_of_another_kind_than_the_deployment_says_is_warned_of()
    {
        var card = await ProbedEngine.CardOfAsync(new SimulatorOptions { Dialect = "sglang" }, backend: "vllm");

        Assert.Equal("sglang", card.Engine);
        Assert.Contains(
            card.Warnings,
            warning => warning.StartsWith("says that it is sglang", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("status=503", "answers 503")]
    [InlineData("status=500", "answers 500")]
    [InlineData("close", "")]
    public async Task An_engine_that_does_not_work_gets_no_card_but_a_reason(string directives, string reason)
    {
        var (outcome, requests) = await ProbedEngine.ProbeAsync(Vllm with { Directives = directives });

        Assert.Null(outcome.Card);
        Assert.Contains(reason, outcome.Problem, StringComparison.Ordinal);
        Assert.InRange(Posts(requests), 1, 2);
    }

    [Fact]
    public async Task An_engine_that_refuses_our_credential_is_asked_once()
    {
        var (outcome, requests) = await ProbedEngine.ProbeAsync(Vllm with { ApiKey = "secret" });

        Assert.Equal("it refuses the gateway's credential (401)", outcome.Problem);
        Assert.Equal(1, Posts(requests));
    }

    [Fact]
    public async Task A_model_that_is_not_served_is_said_with_those_that_are()
    {
        var (outcome, requests) = await ProbedEngine.ProbeAsync(Vllm with { Models = ["other", "third"] });

        Assert.Equal("it does not serve demo, but other, third", outcome.Problem);
        Assert.Equal(1, Posts(requests));
    }

    [Fact]
    public async Task An_engine_that_never_answers_is_given_up_with_what_was_found()
    {
        var settings = new ProbingOptions
        {
            HealthSeconds = 0,
            LoadSeconds = 0,
            ProbeSeconds = 1,
            IdleWatchSeconds = 0,
        };

        var (outcome, _) = await ProbedEngine.ProbeAsync(Vllm with { Directives = "silent" }, settings: settings);

        Assert.Null(outcome.Card);
        Assert.Equal("it did not come to an answer within 1 s", outcome.Problem);
    }

    private static Finding[] FindingsOf(CapabilityCard card) =>
        [
            card.UsageInStreams,
            card.UsageOnEveryChunk,
            card.ToolCalls,
            card.AutoToolChoice,
            card.Logprobs,
            card.SeveralChoices,
            card.StructuredOutput,
            card.ContinuesPartialMessage,
            card.TakesCacheSalt,
        ];

    private static string PathOf(ReceivedRequest request) => request.RequestLine.Split(' ')[1].Split('?')[0];

    private static int Posts(IReadOnlyList<ReceivedRequest> requests) =>
        requests.Count(request => request.RequestLine.StartsWith("POST ", StringComparison.Ordinal));
}
