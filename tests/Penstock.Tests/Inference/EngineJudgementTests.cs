using System.Net;
using System.Text.Json;
using Penstock.Tests.Forwarding;

namespace Penstock.Tests.Inference;

/// <summary>What an engine means decides whether another replica is tried, not the status it sent.</summary>
public sealed class EngineJudgementTests
{
    private const string Hello = """{"model":"m","messages":[{"role":"user","content":"hi"}]}""";
    private const string HelloStream = """{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true}""";
    private const string Success = """{"id":"c","choices":[{"index":0,"finish_reason":"stop"}]}""";
    private const string Stream =
        """data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\ndata: [DONE]\n\n";

    [Theory]
    [InlineData("trtllm", 400, """{"object":"error","message":"CUDA error: launch failure","code":400}""")]
    [InlineData("tgi", 424, """{"error":"Request failed during generation","error_type":"generation"}""")]
    [InlineData("runpod-vllm", 200, """{"error":"{'message': 'vLLM returned HTTP 500: x', 'type': 'worker_error'}"}""")]
    [InlineData("runpod-vllm", 200, """{"id":"j","status":"FAILED"}""")]
    public async Task An_engine_s_own_failure_is_tried_on_another_replica(string backend, int status, string body)
    {
        foreach (var (ask, answer, media) in Askings)
        {
            using var first = new FakeEngine();
            using var second = new FakeEngine();
            await using var gateway = await StartAsync(backend, first, second);
            var asked = gateway.AskAsync(ask);
            using var failing = await first.AcceptAsync();
            await failing.ReadRequestAsync();
            await failing.SendAsync(Http(status, body));
            using var healthy = await second.AcceptAsync();
            await healthy.ReadRequestAsync();
            await healthy.SendAsync(Http(200, answer, media));
            using var response = await asked;

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Theory]
    [InlineData("trtllm", 400, """{"error":"Extra inputs are not permitted"}""")]
    [InlineData("runpod-vllm", 500, """{"error":"{'message': 'vLLM returned HTTP 400: x', 'type': 'worker_error'}"}""")]
    [InlineData("runpod-vllm", 200, """{"error":"{'message': 'vLLM returned HTTP 400: x', 'type': 'worker_error'}"}""")]
    public async Task The_caller_s_mistake_is_told_at_once(string backend, int status, string body)
    {
        foreach (var (ask, _, _) in Askings)
        {
            using var first = new FakeEngine();
            using var second = new FakeEngine();
            await using var gateway = await StartAsync(backend, first, second);
            var asked = gateway.AskAsync(ask);
            using var refusing = await first.AcceptAsync();
            await refusing.ReadRequestAsync();
            await refusing.SendAsync(Http(status, body));
            using var response = await asked;
            using var error = JsonDocument.Parse(
                await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)
            );

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Equal("400", error.RootElement.GetProperty("error").GetProperty("code").GetString());
        }
    }

    private static (string Ask, string Answer, string Media)[] Askings =>
        [(Hello, Success, "application/json"), (HelloStream, Stream, "text/event-stream")];

    private static Task<GatewayInProcess> StartAsync(string backend, params FakeEngine[] engines) =>
        GatewayInProcess.StartAsync([
            GatewayInProcess.Deploy("m", [.. engines.Select(engine => engine.Url)]) with
            {
                Backend = backend,
            },
        ]);

    private static string Http(int status, string body, string media = "application/json") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {media}\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}
