using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>What an engine was started with, as a caller can find it out.</summary>
public sealed class DialectSwitches
{
    private const string Tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}}]";
    private const string Usage =
        "\"stream\":true,\"stream_options\":{\"include_usage\":true,\"continuous_usage_stats\":true}";

    [Fact]
    public async Task Without_its_flag_vLLM_refuses_tools_under_auto_and_takes_them_when_required()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { AutoToolChoice = false });
        foreach (var more in (string[])[Tools, $"{Tools},\"tool_choice\":\"auto\""])
        {
            var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body("hi", more));
            Assert.Equal(400, status);
            Assert.Contains(
                "requires --enable-auto-tool-choice and --tool-call-parser to be set",
                error["message"]!.GetValue<string>(),
                StringComparison.Ordinal
            );
        }

        await simulator.JsonAsync(SimulatorClient.Body("hi", $"{Tools},\"tool_choice\":\"required\""));
    }

    [Theory]
    [InlineData("vllm", false)]
    [InlineData("vllm", true)]
    [InlineData("sglang", false)]
    [InlineData("sglang", true)]
    public async Task Cached_tokens_are_told_with_the_flag(string dialect, bool tells)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Dialect = dialect,
                PromptTokensDetails = tells,
                CacheReport = tells,
            }
        );
        var whole = await simulator.JsonAsync(SimulatorClient.Body());
        var events = await simulator.StreamAsync(SimulatorClient.Body("hi", Usage));
        Assert.Equal(tells, whole["usage"]!["prompt_tokens_details"]?["cached_tokens"] is not null);
        Assert.Equal(tells, events[^1]["usage"]!["prompt_tokens_details"]?["cached_tokens"] is not null);
    }

    [Theory]
    [InlineData("vllm", true, true)]
    [InlineData("vllm", false, false)]
    [InlineData("sglang", true, true)]
    [InlineData("sglang", false, false)]
    [InlineData("trtllm", true, true)]
    [InlineData("openai", true, false)]
    [InlineData("llamacpp", true, false)]
    [InlineData("ollama", true, false)]
    [InlineData("tgi", true, false)]
    public async Task Usage_on_every_chunk(string dialect, bool isOn, bool comes)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Dialect = dialect, ContinuousUsage = isOn }
        );
        var events = await simulator.StreamAsync(SimulatorClient.Body("hi", Usage));
        Assert.Equal(comes, events[1]["usage"] is not null);
        Assert.NotNull(events[^1]["usage"]);
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    public async Task Usage_may_be_forced(string dialect)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Dialect = dialect, ForceIncludeUsage = true }
        );
        var events = await simulator.StreamAsync(SimulatorClient.Body("hi", "\"stream\":true"));
        Assert.NotNull(events[^1]["usage"]);
    }

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("trtllm")]
    [InlineData("openai")]
    [InlineData("llamacpp")]
    [InlineData("ollama")]
    public async Task A_prescribed_form_is_honoured_or_ignored(string dialect)
    {
        const string Format = "\"response_format\":{\"type\":\"json_object\"}";
        await using var on = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        await using var off = new SimulatorClient(new SimulatorOptions { Dialect = dialect, StructuredOutput = false });
        Assert.StartsWith("{", await TextAsync(on, Format), StringComparison.Ordinal);
        Assert.DoesNotContain("{", await TextAsync(off, Format), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.11.2", true)]
    [InlineData("0.27.1", false)]
    public async Task Old_vLLM_honours_guided_fields_and_new_ones_ignore_them(string version, bool honours)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { EngineVersion = version });
        var text = await TextAsync(simulator, "\"guided_choice\":[\"yes\"]");
        Assert.Equal(honours, text is "yes");
    }

    [Theory]
    [InlineData("0.11.2", "reasoning_content")]
    [InlineData("0.27.1", "reasoning")]
    public async Task What_vLLMs_model_thinks_was_renamed(string version, string key)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { EngineVersion = version });
        var answer = await simulator.JsonAsync(SimulatorClient.Body("hi", "\"reasoning_effort\":\"low\""));
        Assert.NotEmpty(answer["choices"]![0]!["message"]![key]!.GetValue<string>());
        Assert.Equal(8, answer["usage"]!["completion_tokens_details"]!["reasoning_tokens"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("sglang", "reasoning_content")]
    [InlineData("trtllm", "reasoning_content")]
    [InlineData("trtllm", "reasoning")]
    [InlineData("llamacpp", "reasoning_content")]
    [InlineData("ollama", "reasoning")]
    public async Task Thoughts_stand_where_the_engine_puts_them(string dialect, string key)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        const string Effort = "\"reasoning_effort\":\"low\"";
        var message = (await simulator.JsonAsync(SimulatorClient.Body("hi", Effort)))["choices"]![0]!["message"]!;
        var events = await simulator.StreamAsync(SimulatorClient.Body("hi", $"{Effort},\"stream\":true"));
        Assert.Equal(
            message[key]!.GetValue<string>(),
            string.Concat(SimulatorClient.Choices(events).Select(c => c["delta"]![key]?.GetValue<string>()))
        );
        Assert.Equal(message["content"]!.GetValue<string>(), SimulatorClient.Text(events));
    }

    [Fact]
    public async Task Llama_server_has_no_more_choices_than_slots()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "llamacpp", MaxRunning = 2 });
        await simulator.JsonAsync(SimulatorClient.Body("hi", "\"n\":2"));
        var (status, error) = await simulator.RefusalAsync(SimulatorClient.Body("hi", "\"n\":3"));
        Assert.Equal(400, status);
        Assert.Contains("number of slots", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, 400)]
    [InlineData(true, 200)]
    public async Task VLLM_takes_a_priority_only_where_it_schedules_by_it(bool isOn, int status)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { PriorityScheduling = isOn });
        using var response = await simulator.PostAsync(SimulatorClient.Body("hi", "\"priority\":-1"));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("trtllm", "\"priority\":2", 400)]
    [InlineData("trtllm", "\"priority\":0.5", 200)]
    [InlineData("sglang", "\"priority\":7", 200)]
    [InlineData("vllm", "\"cache_salt\":\"tenant-1\"", 200)]
    [InlineData("vllm", "\"cache_salt\":\"\"", 400)]
    [InlineData("vllm", "\"cache_salt\":\"two words\"", 400)]
    [InlineData("openai", "\"cache_salt\":\"tenant-1\"", 400)]
    public async Task Priorities_and_salts(string dialect, string more, int status)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        using var response = await simulator.PostAsync(SimulatorClient.Body("hi", more));
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task Ollama_reads_max_tokens_only_and_one_choice()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "ollama" });
        var answer = await simulator.JsonAsync(
            SimulatorClient.Body("hi", $"\"max_completion_tokens\":3,\"n\":4,{Tools},\"tool_choice\":\"none\"")
        );
        Assert.Single(answer["choices"]!.AsArray());
        Assert.Equal("tool_calls", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(
            3,
            (await simulator.JsonAsync(SimulatorClient.Body("hi", "\"max_tokens\":3")))["usage"]![
                "completion_tokens"
            ]!.GetValue<int>()
        );
    }

    [Theory]
    [InlineData("llamacpp", "tool_calls")]
    [InlineData("vllm", "stop")]
    public async Task A_named_tool(string dialect, string finish)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        const string Named =
            "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\"}},{\"type\":\"function\",\"function\":{\"name\":\"g\"}}],\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"g\"}}";
        var choice = (await simulator.JsonAsync(SimulatorClient.Body("hi", Named)))["choices"]![0]!;
        Assert.Equal(finish, choice["finish_reason"]!.GetValue<string>());
        // llama-server reads no object here and falls back to auto, which calls the first.
        Assert.Equal(
            dialect is "llamacpp" ? "f" : "g",
            choice["message"]!["tool_calls"]![0]!["function"]!["name"]!.GetValue<string>()
        );
    }

    [Fact]
    public async Task The_largest_body_is_a_switch()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { LargestBody = 1000 });
        using var small = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal(200, (int)small.StatusCode);
        using var large = await simulator.PostAsync(SimulatorClient.Body(new string('x', 1000)));
        Assert.Equal(413, (int)large.StatusCode);
    }

    [Theory]
    [InlineData("TEXT", "TEXT named_metrics.kv_cache_usage_perc=")]
    [InlineData("json", "JSON {\"named_metrics\": {\"kv_cache_usage_perc\": ")]
    public async Task VLLM_reports_its_load_in_the_answers_head_if_asked(string format, string opening)
    {
        await using var simulator = new SimulatorClient();
        using var plain = await simulator.PostAsync(SimulatorClient.Body());
        Assert.False(plain.Headers.Contains("endpoint-load-metrics"));
        simulator.Http.DefaultRequestHeaders.Add("endpoint-load-metrics-format", format);
        using var asked = await simulator.PostAsync(SimulatorClient.Body());
        Assert.StartsWith(
            opening,
            Assert.Single(asked.Headers.GetValues("endpoint-load-metrics")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task VLLM_gives_request_ids_back_with_its_flag()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { RequestIdHeaders = true });
        simulator.Http.DefaultRequestHeaders.Add("X-Request-Id", "mine");
        using var response = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal("mine", Assert.Single(response.Headers.GetValues("X-Request-Id")));
    }

    [Theory]
    [InlineData("0.9.2", "vllm:gpu_cache_usage_perc")]
    [InlineData("0.27.1", "vllm:kv_cache_usage_perc")]
    public async Task The_gauge_of_vLLMs_cache_was_renamed(string version, string name)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { EngineVersion = version });
        var text = await simulator.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains($"\n{name}{{", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Flags_have_the_engines_names()
    {
        var options = SimulatorArguments.Read([
            "--dialect",
            "llamacpp",
            "-np",
            "3",
            "--no-enable-auto-tool-choice",
            "--enable-cache-report",
            "--enable-prompt-tokens-details",
            "--enable-force-include-usage",
            "--no-continuation",
            "--no-structured-output",
            "--no-continuous-usage",
            "--no-enable-metrics",
            "--max-logprobs=5",
            "--timeout-keep-alive",
            "7",
            "--engine-version",
            "b1",
            "--served-model-name",
            "m",
            "--max-body",
            "99",
            "--failed-job-status=200",
            "--job-errors=json",
        ]);
        Assert.Equal(
            (8080, 3, 5, "b1"),
            (options.Port, options.MaxRunning, options.MaxLogProbs, options.EngineVersion)
        );
        Assert.True(options is { CacheReport: true, PromptTokensDetails: true, ForceIncludeUsage: true });
        Assert.False(options.AutoToolChoice || options.Continuation || options.StructuredOutput);
        Assert.False(options.ContinuousUsage || options.Metrics);
        Assert.Equal((TimeSpan.FromSeconds(7), 99L), (options.KeepAlive, options.LargestBody));
        Assert.Equal((200, "json", "m"), (options.FailedJobStatus, options.JobErrors, Assert.Single(options.Models)));
    }

    [Theory]
    [InlineData("openai", 8080)]
    [InlineData("vllm", 8000)]
    [InlineData("sglang", 30000)]
    [InlineData("trtllm", 8000)]
    [InlineData("llamacpp", 8080)]
    [InlineData("ollama", 11434)]
    [InlineData("tgi", 3000)]
    [InlineData("runpod-queue", 8000)]
    [InlineData("runpod-lb", 8000)]
    public void Every_dialect_has_its_engines_port(string dialect, int port) =>
        Assert.Equal(port, SimulatorArguments.Read(["--dialect", dialect]).Port);

    private static async Task<string> TextAsync(SimulatorClient simulator, string more) =>
        (await simulator.JsonAsync(SimulatorClient.Body("hello", more)))["choices"]![0]!["message"]![
            "content"
        ]!.GetValue<string>();
}
