using System.Globalization;
using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>The routes beside chat of every dialect: what they answer, and what reading them costs.</summary>
public sealed class DialectRoutes
{
    [Theory]
    [InlineData("openai", "/v1/models", "\"owned_by\":\"system\"")]
    [InlineData("openai", "/v1/models/demo", "\"id\":\"demo\"")]
    [InlineData("vllm", "/v1/models", "\"owned_by\":\"vllm\"")]
    [InlineData("sglang", "/v1/models", "\"owned_by\":\"sglang\"")]
    [InlineData("sglang", "/v1/models/demo", "\"max_model_len\":131072")]
    [InlineData("sglang", "/v1/loads?include=core", "\"num_waiting_reqs\":0")]
    [InlineData("sglang", "/get_load", "\"num_reqs\":0")]
    [InlineData("sglang", "/model_info", "\"model_path\":\"demo\"")]
    [InlineData("sglang", "/get_server_info", "\"context_length\":131072")]
    [InlineData("trtllm", "/v1/models", "\"owned_by\":\"tensorrt_llm\"")]
    [InlineData("trtllm", "/version", "{\"version\":\"1.3.0\"}")]
    [InlineData("trtllm", "/prometheus/metrics", "trtllm_num_requests_running{")]
    [InlineData("llamacpp", "/v1/models", "\"owned_by\":\"llamacpp\"")]
    [InlineData("llamacpp", "/health", "{\"status\":\"ok\"}")]
    [InlineData("llamacpp", "/props", "\"total_slots\":4")]
    [InlineData("llamacpp", "/slots", "\"is_processing\":false")]
    [InlineData("ollama", "/", "Ollama is running")]
    [InlineData("ollama", "/v1/models/demo", "\"owned_by\":\"library\"")]
    [InlineData("ollama", "/api/version", "{\"version\":\"0.13.5\"}")]
    [InlineData("ollama", "/api/tags", "\"name\":\"demo:latest\"")]
    [InlineData("ollama", "/api/ps", "\"size_vram\":")]
    [InlineData("tgi", "/v1/models", "\"owned_by\":\"demo\"")]
    [InlineData("tgi", "/info", "\"max_total_tokens\":131072")]
    [InlineData("runpod-queue", "/v2/abc/openai/v1/models", "\"owned_by\":\"vllm\"")]
    [InlineData("runpod-queue", "/v2/abc/health", "\"workers\":{\"idle\":1,\"initializing\":0")]
    [InlineData("runpod-lb", "/v1/models", "\"owned_by\":\"vllm\"")]
    public async Task Routes_of_its_own(string dialect, string path, string part)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        Assert.Contains(part, await GetAsync(simulator, path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("openai", "/health", 404)]
    [InlineData("openai", "/metrics", 404)]
    [InlineData("sglang", "/version", 404)]
    [InlineData("sglang", "/v1/models/other", 404)]
    [InlineData("trtllm", "/load", 404)]
    [InlineData("llamacpp", "/version", 404)]
    [InlineData("ollama", "/metrics", 404)]
    [InlineData("tgi", "/version", 404)]
    [InlineData("runpod-queue", "/v1/models", 404)]
    public async Task Routes_it_does_not_have(string dialect, string path, int status)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect });
        using var response = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("sglang", "/health", true, 1)]
    [InlineData("sglang", "/health", false, 0)]
    [InlineData("sglang", "/health_generate", false, 1)]
    [InlineData("trtllm", "/health", true, 0)]
    [InlineData("trtllm", "/health_generate", true, 1)]
    [InlineData("vllm", "/health", true, 0)]
    public async Task A_health_check_that_generates_is_counted(string dialect, string path, bool generates, long tokens)
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Dialect = dialect, HealthGenerates = generates }
        );
        await GetAsync(simulator, path);
        Assert.Equal(tokens, simulator.Server.Counters.ProbeTokens);
    }

    [Fact]
    public async Task TRT_LLMs_statistics_are_gone_once_read()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "trtllm" });
        await simulator.JsonAsync(SimulatorClient.Body("hello", "\"max_tokens\":5"));
        var first = JsonNode.Parse(await GetAsync(simulator, "/metrics"))!.AsArray();
        Assert.Equal(5, first.Count);
        Assert.Equal(5, first[^1]!["iter"]!.GetValue<int>());
        Assert.Empty(JsonNode.Parse(await GetAsync(simulator, "/metrics"))!.AsArray());
        Assert.Equal(2, simulator.Server.Counters.DrainedReads);
    }

    [Theory]
    [InlineData("vllm", "/metrics", "vllm:num_requests_running", "vllm:num_requests_waiting")]
    [InlineData("sglang", "/metrics", "sglang:num_running_reqs", "sglang:num_queue_reqs")]
    [InlineData("trtllm", "/prometheus/metrics", "trtllm_num_requests_running", "trtllm_num_requests_waiting")]
    [InlineData("llamacpp", "/metrics", "llamacpp:requests_processing", "llamacpp:requests_deferred")]
    [InlineData("tgi", "/metrics", "tgi_batch_current_size", "tgi_queue_size")]
    public async Task Metrics_tell_running_and_waiting(string dialect, string path, string running, string waiting)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect, MaxRunning = 2 });
        var connections = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            connections.Add(await RawConnection.OpenAsync(simulator.Server.Port));
            await connections[i].SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        }

        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters is { Running: 2, Waiting: 1 });
        var text = await GetAsync(simulator, path);
        Assert.Equal((2, 1), (Value(text, running), Value(text, waiting)));
        connections.ForEach(c => c.Dispose());
    }

    [Fact]
    public async Task Llama_server_says_when_no_slot_is_free_only_if_asked()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "llamacpp", MaxRunning = 1 });
        await GetAsync(simulator, "/slots?fail_on_no_slot=1");
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Running == 1);
        await GetAsync(simulator, "/slots");
        using var full = await simulator.Http.GetAsync(
            "/slots?fail_on_no_slot=1",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(503, (int)full.StatusCode);
    }

    [Theory]
    [InlineData("sglang", "/metrics", 404)]
    [InlineData("trtllm", "/prometheus/metrics", 404)]
    [InlineData("llamacpp", "/metrics", 501)]
    public async Task Metrics_may_be_off(string dialect, string path, int status)
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = dialect, Metrics = false });
        using var response = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task SGLangs_metrics_have_two_spellings()
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Dialect = "sglang", MetricPrefix = "sglang_" }
        );
        Assert.Contains("\nsglang_num_running_reqs{", await GetAsync(simulator, "/metrics"), StringComparison.Ordinal);
    }

    private static async Task<string> GetAsync(SimulatorClient simulator, string path)
    {
        using var response = await simulator.Http.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static double Value(string text, string name)
    {
        var line = Array.Find(
            text.Split('\n'),
            l => l.StartsWith(name, StringComparison.Ordinal) && l[name.Length] is '{' or ' '
        );
        return double.Parse(line![(line!.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);
    }
}
