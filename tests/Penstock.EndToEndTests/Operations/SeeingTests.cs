using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Operations;

/// <summary>What an operator sees of a request: one closing line, the metrics, the health of the process.</summary>
public sealed class SeeingTests : IAsyncLifetime
{
    private const string Prompt = "a prompt that must never be logged";

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration().Tenant("acme").Deployment("acme", "m", "org/model", _engine.Url),
            Setting.Of((Setting.LogFormat, "json"))
        );

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_ends_in_one_line_that_says_how(bool stream)
    {
        var body = ChatBody.Saying(Prompt, "m", stream);

        var answer = (await _gateway.As("acme").ChatAsync(body, ("X-Client-Request-Id", "mine"))).Expect(200);

        var line = await ClosingLineAsync(answer);
        Assert.Equal("completed", line["ending"]!.GetValue<string>());
        Assert.Equal("200", line["status"]!.ToString());
        Assert.Equal("acme", line["workspace"]!.GetValue<string>());
        Assert.Equal("m", line["model"]!.GetValue<string>());
        Assert.Equal(answer.Header("X-Deployment-Id"), line["deployment"]!.GetValue<string>());
        Assert.Equal("mine", line["client_request_id"]!.GetValue<string>());
        Assert.True(Guid.TryParse(line["key_id"]!.ToString(), out _));
        Assert.Equal("7", line["prompt_tokens"]!.ToString());
        Assert.Equal("2", line["completion_tokens"]!.ToString());
        Assert.True(line.ContainsKey("first_byte_ms") && line.ContainsKey("duration_ms"), line.ToJsonString());
        Assert.DoesNotContain(Prompt, _gateway.Output.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain("Hello there", _gateway.Output.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_request_ends_in_one_line_too()
    {
        var answer = (await _gateway.WithSecret("a-secret-nobody-knows").ChatAsync(ChatBody.Minimal())).Expect(401);

        var line = await ClosingLineAsync(answer);
        Assert.Equal("invalid_api_key", line["ending"]!.GetValue<string>());
        Assert.DoesNotContain("a-secret-nobody-knows", _gateway.Output.Text(), StringComparison.Ordinal);
        Assert.DoesNotContain(Declaration.Secret("acme"), _gateway.Output.Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_process_is_live_and_ready()
    {
        foreach (var path in (string[])["/health/live", "/health/ready"])
        {
            (await _gateway.WithSecret(null).GetAsync(path)).Expect(200);
        }
    }

    [Fact]
    public async Task The_metrics_are_in_the_form_that_Prometheus_reads_and_count()
    {
        (await _gateway.As("acme").ChatAsync(ChatBody.Minimal())).Expect(200);
        (await _gateway.As("acme").ChatAsync("{}")).Expect(400);

        var answer = (await _gateway.WithSecret(null).GetAsync("/metrics")).Expect(200);

        Assert.StartsWith("text/plain", answer.ContentHeaders.ContentType!.MediaType, StringComparison.Ordinal);
        var samples = PrometheusText.Parse(answer.Text);
        Assert.Contains(
            samples,
            sample => sample.Is("penstock_requests_total", ("model", "m"), ("ending", "completed")) && sample.Value >= 1
        );
        Assert.Contains(
            samples,
            sample => sample.Is("penstock_requests_total", ("ending", "invalid_request")) && sample.Value >= 1
        );
        Assert.Contains(samples, sample => sample.Is("penstock_tokens_total", ("kind", "prompt")) && sample.Value >= 7);
        Assert.Contains(samples, sample => sample.Name == "penstock_request_duration_seconds_bucket");
        Assert.DoesNotContain(Declaration.Secret("acme"), answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_API_describes_itself()
    {
        var answer = (await _gateway.WithSecret(null).GetAsync("/openapi/v1.json")).Expect(200);

        Assert.StartsWith("3.", answer.Json["openapi"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.True(answer.Json["paths"]!.AsObject().ContainsKey("/v1/chat/completions"), answer.ToString());
    }

    private async Task<JsonObject> ClosingLineAsync(Answer answer)
    {
        var id = answer.Header("X-Request-Id")!;
        var text = await _gateway.Output.LineAsync(l => IsClosing(l, id), $"the closing line of {id}");
        Assert.Single(_gateway.Output.Lines(), l => IsClosing(l, id));
        return JsonNode.Parse(text)!.AsObject();
    }

    private static bool IsClosing(string line, string id) =>
        line.StartsWith('{') && JsonNode.Parse(line)!["request_id"]?.ToString() == id;

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
