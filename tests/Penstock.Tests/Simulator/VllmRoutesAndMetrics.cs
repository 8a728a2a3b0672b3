using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>The routes beside chat, the key, and metrics that tell what is going on.</summary>
public sealed class VllmRoutesAndMetrics
{
    [Theory]
    [InlineData("GET", "/health", 200, "")]
    [InlineData("GET", "/ping", 200, "")]
    [InlineData("POST", "/ping", 200, "")]
    [InlineData("GET", "/version", 200, """{"version":"0.27.1"}""")]
    [InlineData("GET", "/load", 200, """{"server_load":0}""")]
    [InlineData(
        "GET",
        "/v1/models/demo",
        404,
        """{"error":{"message":"Not Found","type":"Not Found","param":null,"code":404}}"""
    )]
    [InlineData("GET", "/", 404, """{"error":{"message":"Not Found","type":"Not Found","param":null,"code":404}}""")]
    [InlineData(
        "GET",
        "/v1/chat/completions",
        405,
        """{"error":{"message":"Method Not Allowed","type":"Method Not Allowed","param":null,"code":405}}"""
    )]
    [InlineData(
        "DELETE",
        "/v1/models",
        405,
        """{"error":{"message":"Method Not Allowed","type":"Method Not Allowed","param":null,"code":405}}"""
    )]
    public async Task Routes_answer_as_vLLMs_do(string verb, string path, int status, string body)
    {
        await using var simulator = new SimulatorClient();
        using var request = new HttpRequestMessage(new HttpMethod(verb), path);
        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(body, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Models_have_cards()
    {
        await using var simulator = new SimulatorClient(
            new SimulatorOptions { Models = ["meta-llama/Llama-3.3-70B-Instruct", "other"], MaxModelLen = 4096 }
        );
        var list = JsonNode.Parse(
            await simulator.Http.GetStringAsync("/v1/models", TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(
            ["meta-llama/Llama-3.3-70B-Instruct", "other"],
            list["data"]!.AsArray().Select(m => m!["id"]!.GetValue<string>())
        );
        Assert.Equal("vllm", list["data"]![0]!["owned_by"]!.GetValue<string>());
        Assert.Equal(4096, list["data"]![0]!["max_model_len"]!.GetValue<int>());
        // Without a model the first one answers.
        var answer = await simulator.JsonAsync(
            SimulatorClient.Body().Replace("\"model\":\"demo\",", "", StringComparison.Ordinal)
        );
        Assert.Equal("meta-llama/Llama-3.3-70B-Instruct", answer["model"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_key_guards_v1_and_nothing_else()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { ApiKey = "sesame" });
        using var refused = await simulator.PostAsync(SimulatorClient.Body());
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(
            """{"error":"Unauthorized"}""",
            await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        using var open = await simulator.Http.GetAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        simulator.Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "sesame");
        await simulator.JsonAsync(SimulatorClient.Body());
    }

    [Fact]
    public async Task Metrics_are_what_the_engine_is_doing()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { MaxRunning = 2, KvTokens = 1000 });
        await simulator.JsonAsync(SimulatorClient.Body("hello", "\"max_tokens\":5"));
        var connections = new List<RawConnection>();
        for (var i = 0; i < 3; i++)
        {
            connections.Add(await RawConnection.OpenAsync(simulator.Server.Port));
            await connections[i].SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim ttft=1m]]")));
        }

        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters is { Running: 2, Waiting: 1 });
        var metrics = await MetricsAsync(simulator);
        Assert.Equal(2, metrics["vllm:num_requests_running"]);
        Assert.Equal(1, metrics["vllm:num_requests_waiting"]);
        Assert.Equal(1, metrics["vllm:request_success_total length"]);
        Assert.Equal(5, metrics["vllm:generation_tokens_total"]);
        Assert.InRange(metrics["vllm:kv_cache_usage_perc"], 0.01, 0.1);

        connections.ForEach(c => c.Dispose());
        await SimulatorClient.EventuallyAsync(() =>
            simulator.Server.Counters is { Running: 0, Waiting: 0, Aborted: 3 }
        );
        metrics = await MetricsAsync(simulator);
        Assert.Equal(0, metrics["vllm:kv_cache_usage_perc"]);
        Assert.Equal(3, metrics["vllm:request_success_total abort"]);
    }

    [Fact]
    public async Task Running_answers_show_their_tokens_as_they_come()
    {
        await using var simulator = new SimulatorClient();
        using var connection = await RawConnection.OpenAsync(simulator.Server.Port);
        await connection.SendAsync(RawConnection.Request(SimulatorClient.Body("[[sim itl=1ms tokens=100000]]")));
        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.GeneratedTokens > 3);
        Assert.Equal(1, simulator.Server.Counters.Running);
        Assert.True((await MetricsAsync(simulator))["vllm:generation_tokens_total"] > 3);
    }

    [Fact]
    public async Task Counters_are_JSON()
    {
        await using var simulator = new SimulatorClient();
        await simulator.JsonAsync(SimulatorClient.Body());
        var counters = JsonNode.Parse(
            await simulator.Http.GetStringAsync("/sim/counters", TestContext.Current.CancellationToken)
        )!;
        Assert.Equal(1, counters["completed"]!.GetValue<int>());
        Assert.Equal(1, counters["requests"]!.GetValue<int>());
        Assert.Equal(64, counters["generated_tokens"]!.GetValue<int>());
    }

    private static async Task<Dictionary<string, double>> MetricsAsync(SimulatorClient simulator)
    {
        var text = await simulator.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l[0] != '#'))
        {
            var name = line[..line.IndexOf('{', StringComparison.Ordinal)];
            var reason = line.Split("finished_reason=\"") is [_, var rest]
                ? $" {rest[..rest.IndexOf('"', StringComparison.Ordinal)]}"
                : "";
            metrics[name + reason] = double.Parse(
                line[(line.LastIndexOf(' ') + 1)..],
                System.Globalization.CultureInfo.InvariantCulture
            );
        }

        return metrics;
    }
}
