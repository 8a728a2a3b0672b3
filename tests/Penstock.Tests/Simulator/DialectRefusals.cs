using System.Text;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>Each engine's refusals, byte for byte.</summary>
public sealed class DialectRefusals
{
    [Theory]
    [InlineData(
        "openai",
        400,
        """{"error":{"message":"Unrecognized request argument supplied: top_q","type":"invalid_request_error","param":null,"code":null}}"""
    )]
    [InlineData(
        "trtllm",
        400,
        """{"error":"1 validation error:\n  {'type': 'extra_forbidden', 'loc': ('body', 'top_q'), 'msg': 'Extra inputs are not permitted'}"}"""
    )]
    public async Task An_unknown_field_is_refused(string dialect, int status, string body) =>
        Assert.Equal((status, body), await RefusalAsync(dialect, SimulatorClient.Body("hi", "\"top_q\":1")));

    [Theory]
    [InlineData("vllm")]
    [InlineData("sglang")]
    [InlineData("llamacpp")]
    [InlineData("ollama")]
    [InlineData("tgi")]
    [InlineData("runpod-lb")]
    public async Task An_unknown_field_is_ignored(string dialect)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        await simulator.JsonAsync(SimulatorClient.Body("hi", "\"top_q\":1"));
    }

    [Theory]
    [InlineData("store", "true")]
    [InlineData("metadata", "{}")]
    [InlineData("prompt_cache_key", "\"k\"")]
    [InlineData("structured_outputs", "{}")]
    [InlineData("continue_final_message", "true")]
    public async Task TRT_LLM_refuses_even_what_OpenAI_has(string field, string value)
    {
        var (status, body) = await RefusalAsync("trtllm", SimulatorClient.Body("hi", $"\"{field}\":{value}"));
        Assert.Equal(400, status);
        Assert.Contains($"'{field}'", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", 400, "\"type\":\"invalid_request_error\",\"param\":null,\"code\":null")]
    [InlineData("sglang", 400, "\"type\":\"Bad Request\",\"param\":null,\"code\":400}")]
    [InlineData("trtllm", 400, "{\"error\":\"1 validation error:")]
    [InlineData("llamacpp", 500, "\"type\":\"server_error\"}")]
    [InlineData(
        "ollama",
        400,
        "{\"message\":\"unexpected EOF\",\"type\":\"invalid_request_error\",\"param\":null,\"code\":null}"
    )]
    [InlineData("tgi", 400, "Failed to parse the request body as JSON")]
    public async Task A_body_that_is_not_JSON(string dialect, int status, string part) =>
        await AssertRefusalAsync(dialect, "{\"model\":", status, part);

    [Theory]
    [InlineData("openai", 400, "\"param\":\"max_tokens\",\"code\":\"invalid_type\"")]
    [InlineData("sglang", 400, "{\"object\":\"error\",\"message\":\"1 validation error:")]
    [InlineData("trtllm", 400, "{\"error\":\"1 validation error:")]
    [InlineData("llamacpp", 400, "\"type\":\"invalid_request_error\"}")]
    [InlineData(
        "ollama",
        400,
        "json: cannot unmarshal string into Go struct field ChatCompletionRequest.max_tokens of type int"
    )]
    [InlineData("tgi", 422, "Failed to deserialize the JSON body into the target type: max_tokens")]
    public async Task A_wrong_type(string dialect, int status, string part) =>
        await AssertRefusalAsync(dialect, SimulatorClient.Body("hi", "\"max_tokens\":\"ten\""), status, part);

    [Theory]
    [InlineData("openai", 400, "\"code\":\"invalid_value\"")]
    [InlineData("sglang", 400, "\"type\":\"BadRequestError\"")]
    [InlineData("trtllm", 400, "\"type\":\"BadRequestError\",\"param\":null,\"code\":400}")]
    [InlineData("tgi", 422, "\"error_type\":\"validation\"}")]
    public async Task A_number_out_of_range(string dialect, int status, string part) =>
        await AssertRefusalAsync(dialect, SimulatorClient.Body("hi", "\"temperature\":-1"), status, part);

    [Theory]
    [InlineData("openai", 400, "\"param\":\"messages\",\"code\":\"context_length_exceeded\"")]
    [InlineData("sglang", 400, "context length")]
    [InlineData("trtllm", 400, "\"code\":\"context_length_exceeded\"}")]
    [InlineData("llamacpp", 400, "\"type\":\"exceed_context_size_error\",\"n_prompt_tokens\":207,\"n_ctx\":100}")]
    [InlineData("tgi", 422, "`inputs` must have less than 100 tokens. Given: 207")]
    public async Task A_prompt_that_is_too_long(string dialect, int status, string part) =>
        await AssertRefusalAsync(
            dialect,
            SimulatorClient.Body(string.Join(' ', Enumerable.Repeat("word", 200))),
            status,
            part
        );

    [Fact]
    public async Task OpenAI_knows_its_models_and_the_others_do_not_look()
    {
        var other = SimulatorClient.Body().Replace("demo", "gpt-9", StringComparison.Ordinal);
        var (status, body) = await RefusalAsync("openai", other);
        Assert.Equal(404, status);
        Assert.Contains("\"code\":\"model_not_found\"", body, StringComparison.Ordinal);

        await using var sglang = new SimulatorClient(new SimulatorOptions { Dialect = "sglang" });
        Assert.Equal("gpt-9", (await sglang.JsonAsync(other))["model"]!.GetValue<string>());
        await using var trtllm = new SimulatorClient(new SimulatorOptions { Dialect = "trtllm" });
        Assert.Equal("demo", (await trtllm.JsonAsync(other))["model"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(
        "openai",
        """{"error":{"message":"You didn't provide an API key.","type":"invalid_request_error","param":null,"code":null}}"""
    )]
    [InlineData("vllm", """{"error":"Unauthorized"}""")]
    [InlineData("sglang", """{"error":"Unauthorized"}""")]
    [InlineData("llamacpp", """{"error":{"code":401,"message":"Invalid API Key","type":"authentication_error"}}""")]
    [InlineData("tgi", "")]
    [InlineData("runpod-lb", """{"error":"Unauthorized"}""")]
    public async Task A_missing_key(string dialect, string expected)
    {
        var options = new SimulatorOptions { Dialect = dialect, ApiKey = "sesame" };
        Assert.Equal((401, expected), await RefusalAsync(options, SimulatorClient.Body()));
    }

    [Theory]
    [InlineData("openai", 429, "rate_limit_exceeded")]
    [InlineData("vllm", 503, "Service Unavailable")]
    [InlineData(
        "sglang",
        503,
        """{"object":"error","message":"The request queue is full.","type":"503","param":null,"code":503}"""
    )]
    [InlineData("ollama", 503, "server busy, please try again.")]
    [InlineData("tgi", 429, """{"error":"Model is overloaded","error_type":"overloaded"}""")]
    [InlineData("runpod-lb", 503, "no worker available")]
    public async Task A_full_queue(string dialect, int status, string part)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Dialect = dialect,
                MaxRunning = 1,
                MaxQueued = 1,
            }
        );
        using var running = await StartAsync(simulator, () => simulator.Server.Counters.Running == 1);
        using var waiting = await StartAsync(simulator, () => simulator.Server.Counters.Waiting == 1);
        using var response = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Contains(
            part,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("openai", "data: {\"error\":{\"message\":", "server_error", false)]
    [InlineData("vllm", "data: {\"error\":{\"message\":", "InternalServerError", true)]
    [InlineData("sglang", "data: {\"error\":{\"object\":\"error\",", "INTERNAL_SERVER_ERROR", true)]
    [InlineData("llamacpp", "data: {\"error\":{\"code\":500,", "server_error", false)]
    [InlineData("tgi", "data: {\"error\":{\"message\":", "\"http_status_code\":424}}", true)]
    public async Task A_stream_that_fails_says_so(string dialect, string opening, string type, bool isDone)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        var text = await simulator.StreamTextAsync(SimulatorClient.Body("[[sim error-event=3]]", "\"stream\":true"));
        var error = text[text.IndexOf("data: {\"error\"", StringComparison.Ordinal)..];
        Assert.StartsWith(opening, error, StringComparison.Ordinal);
        Assert.Contains(type, error, StringComparison.Ordinal);
        Assert.Equal(isDone, error.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
    }

    [Fact]
    public async Task TRT_LLM_says_nothing_and_cuts_the_stream()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "trtllm" });
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(
            RawConnection.Request(SimulatorClient.Body("[[sim error-event=3]]", "\"stream\":true"))
        );
        var text = await connection.ReadToEndAsync();
        Assert.DoesNotContain("error\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
        Assert.EndsWith("}\n\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ollama_loses_the_text_of_a_late_error()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "ollama" });
        var text = await simulator.StreamTextAsync(SimulatorClient.Body("[[sim error-event=3]]", "\"stream\":true"));
        var data = SimulatorClient.Data(text);
        Assert.Equal(4, data.Count);
        Assert.Contains("\"delta\":{\"content\":\"\"},\"finish_reason\":null", data[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("temperature", "9")]
    [InlineData("top_p", "-3")]
    [InlineData("min_p", "7")]
    public async Task Llama_server_clamps_sampling_without_a_word(string field, string value)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "llamacpp" });
        await simulator.JsonAsync(SimulatorClient.Body("hi", $"\"{field}\":{value}"));
    }

    [Theory]
    [InlineData("trtllm")]
    [InlineData("llamacpp")]
    public async Task Some_queues_have_no_end(string dialect)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions
            {
                Dialect = dialect,
                MaxRunning = 1,
                MaxQueued = 1,
            }
        );
        using var running = await StartAsync(simulator, () => simulator.Server.Counters.Running == 1);
        using var first = await StartAsync(simulator, () => simulator.Server.Counters.Waiting == 1);
        using var second = await StartAsync(simulator, () => simulator.Server.Counters.Waiting == 2);
        Assert.Equal(0, simulator.Server.Counters.Refused);
    }

    private static async Task<RawConnection> StartAsync(SimulatorClient simulator, Func<bool> isThere)
    {
        var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(isThere);
        return connection;
    }

    private static async Task AssertRefusalAsync(string dialect, string body, int status, string part)
    {
        var (actual, text) = await RefusalAsync(new SimulatorOptions { Dialect = dialect, MaxModelLen = 100 }, body);
        Assert.Equal(status, actual);
        Assert.Contains(part, text, StringComparison.Ordinal);
    }

    private static Task<(int Status, string Body)> RefusalAsync(string dialect, string body) =>
        RefusalAsync(new SimulatorOptions { Dialect = dialect }, body);

    private static async Task<(int Status, string Body)> RefusalAsync(SimulatorOptions options, string body)
    {
        await using var simulator = new SimulatorClient(options);
        using var response = await simulator.PostAsync(body);
        var bytes = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, Encoding.UTF8.GetString(bytes));
    }
}
