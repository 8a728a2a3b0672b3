using System.Text;
using Penstock.Simulator;

namespace Penstock.Tests.Simulator;

/// <summary>RunPod's queue: requests are jobs, and what comes back has been through several hands.</summary>
public sealed class RunpodJobs
{
    private const string Path = "/v2/abc/openai/v1/chat/completions";

    [Fact]
    public async Task A_request_is_answered_as_vLLM_would_but_its_headers_do_not_arrive()
    {
        await using var simulator = Start();
        simulator.Http.DefaultRequestHeaders.Add("X-Request-Id", "mine");
        var text = await PostAsync(simulator, SimulatorClient.Body("hi", "\"max_tokens\":2"), 200);
        Assert.Contains("\"service_tier\":null", text, StringComparison.Ordinal);
        Assert.DoesNotContain("mine", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "repr",
        500,
        """{"error":"{'message': 'vLLM returned HTTP 404: {\"error\":{\"message\":\"The model `x` does not exist.\",\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}', 'type': 'worker_error', 'code': None}"}"""
    )]
    [InlineData(
        "json",
        200,
        """{"error":{"message":"vLLM returned HTTP 404: {\"error\":{\"message\":\"The model `x` does not exist.\",\"type\":\"NotFoundError\",\"param\":\"model\",\"code\":404}}","type":"worker_error","param":null,"code":null}}"""
    )]
    [InlineData("traceback", 500, """{"error":"Traceback (most recent call last):\n  File \"/src/handler.py\", line""")]
    public async Task An_error_of_vLLM_is_a_failed_job(string form, int status, string expected)
    {
        await using var simulator = Start(o => o with { JobErrors = form, FailedJobStatus = status });
        var body = SimulatorClient.Body().Replace("demo", "x", StringComparison.Ordinal);
        Assert.StartsWith(expected, await PostAsync(simulator, body, status), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_input_becomes_a_GET()
    {
        await using var simulator = Start();
        Assert.Contains("returned HTTP 405", await PostAsync(simulator, "{}", 500), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_true_itself_streams()
    {
        await using var simulator = Start();
        var text = await PostAsync(simulator, SimulatorClient.Body("hi", "\"stream\":\"true\""), 200);
        Assert.StartsWith("{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pieces_break_characters()
    {
        await using var whole = Start();
        await using var cut = Start(o => o with { PieceBytes = 7 });
        var body = SimulatorClient.Body("hi", "\"stream\":true,\"max_tokens\":400,\"ignore_eos\":true");
        var before = await PostAsync(whole, body, 200);
        var after = await PostAsync(cut, body, 200);
        Assert.DoesNotContain("\uFFFD", before, StringComparison.Ordinal);
        Assert.Contains("\uFFFD", after, StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", after, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_piece_may_be_lost_or_come_twice()
    {
        await using var simulator = Start(o => o with { PieceBytes = 64 });
        const string More = "\"stream\":true,\"max_tokens\":5,\"seed\":1";
        var plain = Length(await PostAsync(simulator, SimulatorClient.Body("hi", More), 200));
        var dropped = Length(await PostAsync(simulator, SimulatorClient.Body("hi", More), 200, "drop-piece=2"));
        var repeated = Length(await PostAsync(simulator, SimulatorClient.Body("hi", More), 200, "repeat-piece=2"));
        Assert.Equal((plain - 64, plain + 64), (dropped, repeated));
    }

    [Fact]
    public async Task A_job_that_fails_on_the_way_ends_its_stream_without_DONE()
    {
        await using var simulator = Start();
        var text = await PostAsync(simulator, SimulatorClient.Body("[[sim error-event=3]]", "\"stream\":true"), 200);
        Assert.Contains("'type': 'worker_error'", text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_job_goes_on_without_its_client()
    {
        await using var simulator = Start();
        using (var connection = await RawConnection.OpenAsync(simulator.Server.Port))
        {
            var body = SimulatorClient.Body("[[sim itl=1ms tokens=50]]", "\"stream\":true");
            await connection.SendAsync(
                RawConnection.Request(body).Replace("/v1/chat/completions", Path, StringComparison.Ordinal)
            );
            await connection.ReadUntilAsync("data: ");
        }

        await SimulatorClient.EventuallyAsync(() => simulator.Server.Counters.Completed == 1);
        Assert.Equal((0, 50), (simulator.Server.Counters.Aborted, simulator.Server.Counters.GeneratedTokens));
    }

    [Fact]
    public async Task The_key_is_RunPods_and_the_endpoint_must_exist()
    {
        await using var simulator = Start(o => o with { ApiKey = "rp", EndpointId = "other" });
        Assert.Equal("{\"error\":\"Unauthorized\"}", await PostAsync(simulator, SimulatorClient.Body(), 401));
        simulator.Http.DefaultRequestHeaders.Add("Authorization", "Bearer rp");
        Assert.Equal("{\"error\":\"endpoint not found\"}", await PostAsync(simulator, SimulatorClient.Body(), 404));
    }

    [Fact]
    public async Task A_balanced_worker_names_itself()
    {
        await using var simulator = new SimulatorClient(new SimulatorOptions { Dialect = "runpod-lb" });
        using var response = await simulator.PostAsync(SimulatorClient.Body());
        Assert.True(response.Headers.Contains("X-Runpod-Worker-Id"));
    }

    private static SimulatorClient Start(Func<SimulatorOptions, SimulatorOptions>? change = null)
    {
        var options = new SimulatorOptions { Dialect = "runpod-queue" };
        return new SimulatorClient(change is null ? options : change(options));
    }

    private static int Length(string text) => Encoding.UTF8.GetByteCount(text);

    private static async Task<string> PostAsync(
        SimulatorClient simulator,
        string body,
        int status,
        string directives = ""
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Path) { Content = SimulatorClient.Content(body) };
        if (directives.Length > 0)
        {
            request.Headers.Add("X-Sim", directives);
        }

        using var response = await simulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(status, (int)response.StatusCode);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
