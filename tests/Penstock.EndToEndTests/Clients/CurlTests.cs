using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Clients;

/// <summary>curl, as it is pasted from documentation.</summary>
public sealed class CurlTests : IClassFixture<SimulatedGateway>
{
    private readonly SimulatedGateway _fixture;

    public CurlTests(SimulatedGateway fixture) => _fixture = fixture;

    private string Chat => _fixture.Gateway.BaseUrl + "/v1/chat/completions";

    private static string[] Authorized => ["-H", $"Authorization: Bearer {Declaration.Secret("acme")}"];

    private static string[] Json => [.. Authorized, "-H", "Content-Type: application/json"];

    [Fact]
    public async Task Minimal()
    {
        var answer = await Curl.RunAsync([Chat, .. Json, "-d", ChatBody.Saying("Hi", "demo")]);

        Assert.Equal(200, answer.Status);
        foreach (
            var header in (string[])
                [
                    "X-Request-Id",
                    "X-Model-Used",
                    "X-Route-Model",
                    "X-RateLimit-Limit",
                    "X-RateLimit-Remaining",
                    "X-RateLimit-Reset",
                    "X-RateLimit-Tier",
                    "X-Backend",
                    "X-Deployment-Id",
                ]
        )
        {
            Assert.False(string.IsNullOrEmpty(answer.Header(header)), $"{header}\n{answer}");
        }

        Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Null(answer.Header("Content-Encoding"));
    }

    [Fact]
    public async Task Streaming()
    {
        var answer = await Curl.RunAsync([
            Chat,
            "-N",
            "--compressed",
            .. Json,
            "-d",
            ChatBody.Saying("Hi", "demo", stream: true),
        ]);

        Assert.Equal(200, answer.Status);
        Assert.Equal("text/event-stream; charset=utf-8", answer.Header("Content-Type"));
        Assert.Equal("no-cache, no-transform", answer.Header("Cache-Control"));
        Assert.Equal("no", answer.Header("X-Accel-Buffering"));
        Assert.Null(answer.Header("Content-Encoding"));
        Assert.EndsWith("data: [DONE]\n\n", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_with_its_expectation()
    {
        using var folder = new TempFolder();
        var file = folder.Write("body.json", ChatBody.Explicit("demo", $",\"user\":\"{new string('x', 2_000_000)}\""));

        var answer = await Curl.RunAsync([Chat, .. Json, "-H", "Expect: 100-continue", "--data-binary", "@" + file]);

        Assert.Contains("200 OK", answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_same_again_with_its_key_is_the_same_answer()
    {
        string[] call =
        [
            Chat,
            .. Json,
            "-H",
            "Idempotency-Key: curl-1",
            "-d",
            ChatBody.Saying("Hi", "demo", stream: true),
        ];
        var first = await Curl.RunAsync(call);

        var second = await Curl.RunAsync(call);

        Assert.Null(first.Header("Idempotency-Replayed"));
        Assert.Equal((200, "true"), (second.Status, second.Header("Idempotency-Replayed")));
        Assert.Equal(first.Header("X-Request-Id"), second.Header("Idempotency-Replayed-From"));
        Assert.Equal(first.Body, second.Body);
    }

    [Fact]
    public async Task Errors_are_JSON_with_an_id()
    {
        (string[] Arguments, int Status, string Code)[] cases =
        [
            ([Chat, "-H", "Content-Type: application/json", "-d", "{}"], 401, "missing_api_key"),
            ([Chat, .. Json, "-d", "{"], 400, "invalid_json"),
            ([Chat, .. Json, "-d", ChatBody.Minimal("none")], 404, "model_not_found"),
            ([Chat, .. Authorized], 405, "method_not_allowed"),
            ([Chat, .. Authorized, "-H", "Content-Type: text/plain", "-d", "x"], 415, "unsupported_media_type"),
            ([_fixture.Gateway.BaseUrl + "/v1/none", .. Json, "-d", "{}"], 404, "unknown_endpoint"),
        ];

        foreach (var (arguments, status, code) in cases)
        {
            var answer = await Curl.RunAsync(arguments);

            Assert.Equal(status, answer.Status);
            Assert.Equal(code, ErrorEnvelope.Of(answer.Body).Code);
            Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out _), answer.ToString());
            Assert.StartsWith("application/json", answer.Header("Content-Type"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_head_of_the_health_check()
    {
        var answer = await Curl.RunAsync(_fixture.Gateway.BaseUrl + "/health/live");

        Assert.Equal(200, answer.Status);
    }
}
