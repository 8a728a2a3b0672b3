using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>Which headers reach the engine, and which of the caller's never do.</summary>
public sealed class UpstreamHeaderTests : IAsyncLifetime
{
    private const string Credential = "credential-of-the-operator";

    private static readonly string[] Allowed =
    [
        "host",
        "content-type",
        "content-length",
        "transfer-encoding",
        "connection",
        "accept",
        "authorization",
        "x-request-id",
        "traceparent",
        "tracestate",
    ];

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync() =>
        _gateway = await GatewayProcess.StartAsync(
            new Declaration()
                .Tenant("acme")
                .Deployment("acme", "open", "org/model", _engine.Url)
                .Deployment("acme", "based", "org/model", _engine.Url + "/some/base")
                .Deployment(
                    "acme",
                    "guarded",
                    "org/model",
                    _engine.Url,
                    deployment => deployment["replicas"]![0]!["api_key_env"] = "E2E_ENGINE_KEY"
                ),
            Setting.Of(("E2E_ENGINE_KEY", Credential))
        );

    [Fact]
    public async Task What_is_the_callers_own_stays_here()
    {
        (string, string)[] headers =
        [
            ("Cookie", "session=1"),
            ("OpenAI-Organization", "org"),
            ("OpenAI-Project", "p"),
            ("OpenAI-Beta", "b"),
            ("X-Stainless-Lang", "js"),
            ("X-Stainless-Retry-Count", "1"),
            ("X-Forwarded-For", "1.2.3.4"),
            ("X-Forwarded-Host", "h"),
            ("X-Forwarded-Proto", "https"),
            ("Forwarded", "for=1.2.3.4"),
            ("X-Real-IP", "1.2.3.4"),
            ("X-data-parallel-rank", "3"),
            ("X-Vllm-Priority", "-10"),
            ("X-Conversation-Id", "c"),
            ("X-Session-ID", "s"),
            ("X-Request-Id", "chosen-by-the-caller"),
            ("X-Client-Request-Id", "mine"),
            ("Proxy-Authorization", "Basic eA=="),
            ("Keep-Alive", "timeout=5"),
            ("TE", "trailers"),
            ("Upgrade", "h2c"),
            ("User-Agent", "Caller/1.0"),
            ("X-Anything", "else"),
        ];

        var answer = (await _gateway.As("acme").ChatAsync(ChatBody.Minimal("open"), headers)).Expect(200);

        var request = Assert.Single(_engine.Requests);
        var names = request.Headers.Select(header => header.Key.ToLowerInvariant()).ToList();
        Assert.All(names, name => Assert.Contains(name, Allowed));
        Assert.Equal(names.Distinct(StringComparer.Ordinal).Count(), names.Count);
        Assert.Null(request.Header("Authorization"));
        Assert.DoesNotContain(Declaration.Secret("acme"), request.Head, StringComparison.Ordinal);
        Assert.Equal(answer.Header("X-Request-Id"), request.Header("X-Request-Id"));
        Assert.NotEqual("chosen-by-the-caller", request.Header("X-Request-Id"));
    }

    [Fact]
    public async Task What_the_engine_needs_is_sent()
    {
        (await _gateway.As("acme").ChatAsync(ChatBody.Minimal("guarded"), ("Accept", "application/json"))).Expect(200);

        var request = Assert.Single(_engine.Requests);
        Assert.Equal("POST /v1/chat/completions HTTP/1.1", request.Line);
        Assert.Equal(_engine.Url["http://".Length..], request.Header("Host"));
        Assert.Equal($"Bearer {Credential}", request.Header("Authorization"));
        Assert.StartsWith("application/json", request.Header("Content-Type"), StringComparison.Ordinal);
        Assert.NotNull(request.Header("Accept"));
        Assert.True(Guid.TryParse(request.Header("X-Request-Id"), out _));
    }

    [Fact]
    public async Task A_trace_goes_on_through_the_gateway()
    {
        const string trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        (string, string)[] headers =
        [
            ("traceparent", $"00-{trace}-00f067aa0ba902b7-01"),
            ("tracestate", "congo=t61rcWkgMzE"),
        ];

        (await _gateway.As("acme").ChatAsync(ChatBody.Minimal("open"), headers)).Expect(200);

        var request = Assert.Single(_engine.Requests);
        Assert.StartsWith($"00-{trace}-", request.Header("traceparent"), StringComparison.Ordinal);
        Assert.Equal("congo=t61rcWkgMzE", request.Header("tracestate"));
    }

    [Fact]
    public async Task What_the_connection_header_names_is_of_one_hop_only()
    {
        using var raw = _gateway.Raw();
        var body = ChatBody.Minimal("open");
        await raw.SendAsync(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {Declaration.Secret("acme")}\r\n"
                + "Connection: close, traceparent\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
                + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );

        Assert.StartsWith("HTTP/1.1 200", await raw.HearAllAsync(), StringComparison.Ordinal);
        var connection = Assert.Single(_engine.Requests).Header("Connection") ?? "";
        Assert.DoesNotContain("traceparent", connection, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_replica_may_live_below_a_base_path()
    {
        (await _gateway.As("acme").ChatAsync(ChatBody.Minimal("based"))).Expect(200);

        Assert.Equal("/some/base/v1/chat/completions", Assert.Single(_engine.Requests).Path);
    }

    [Fact]
    public async Task A_query_of_the_caller_does_not_reach_the_engine()
    {
        var body = System.Text.Encoding.UTF8.GetBytes(ChatBody.Minimal("open"));
        const string path = GatewayClient.ChatPath + "?api-version=1&x=../../pause";

        (await _gateway.As("acme").SendAsync(HttpMethod.Post, path, body)).Expect(200);

        Assert.Equal("/v1/chat/completions", Assert.Single(_engine.Requests).Path);
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }
}
