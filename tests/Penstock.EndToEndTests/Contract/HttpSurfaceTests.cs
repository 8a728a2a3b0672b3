using System.IO.Compression;
using System.Text;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>What is not an inference request is refused in the contract's own words, and nothing else is forwarded.</summary>
public sealed class HttpSurfaceTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public HttpSurfaceTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    public async Task A_wrong_method_is_named(string method)
    {
        var answer = await _fixture.Client.SendAsync(HttpMethod.Parse(method), GatewayClient.ChatPath, null);

        answer.ExpectError(405, "invalid_request_error", "method_not_allowed");
        Assert.Contains("POST", answer.Header("Allow"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_cannot_be_posted() =>
        (await _fixture.Client.SendAsync(HttpMethod.Post, "/v1/models", "{}"u8.ToArray())).ExpectError(
            405,
            "invalid_request_error",
            "method_not_allowed"
        );

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    public async Task Another_media_type_is_not_taken(string type)
    {
        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(), ("Content-Type", type));

        answer.ExpectError(415, "invalid_request_error", "unsupported_media_type");
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=UTF-8")]
    public async Task JSON_by_any_spelling_is(string type) =>
        (await _fixture.Client.ChatAsync(ChatBody.Minimal(), ("Content-Type", type))).Expect(200);

    [Fact]
    public async Task A_compressed_body_is_not_taken()
    {
        using var packed = new MemoryStream();
        await using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(ChatBody.Minimal()));
        }

        var answer = await _fixture.Client.ChatAsync(packed.ToArray(), ("Content-Encoding", "gzip"));

        Assert.True(answer.Status is 400 or 415, answer.ToString());
        _ = ErrorEnvelope.Of(answer);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Theory]
    [InlineData("POST", "/invocations")]
    [InlineData("POST", "/pause")]
    [InlineData("POST", "/v1/nothing")]
    [InlineData("POST", "/v1/chat/completions/batch")]
    [InlineData("POST", "/v1/chat/completions/render")]
    [InlineData("POST", "/v1/load_lora_adapter")]
    [InlineData("POST", "/tokenize")]
    [InlineData("POST", "/v1/chat//completions")]
    [InlineData("POST", "/v1/../pause")]
    [InlineData("POST", "/v1/%2e%2e/pause")]
    [InlineData("POST", "/v1/chat/completions%2f..%2f..%2fpause")]
    [InlineData("GET", "/")]
    [InlineData("GET", "/version")]
    [InlineData("GET", "/load")]
    [InlineData("GET", "/v1")]
    public async Task An_unknown_endpoint_is_said_to_be_unknown(string method, string path)
    {
        using var raw = _fixture.Gateway.Raw();
        var body = method == "POST" ? ChatBody.Minimal() : "";
        await raw.SendAsync(
            $"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + $"Authorization: Bearer {Declaration.Secret("acme")}\r\nContent-Length: {body.Length}\r\n\r\n{body}"
        );

        var heard = await raw.HearAllAsync();

        Assert.StartsWith("HTTP/1.1 404", heard, StringComparison.Ordinal);
        Assert.Contains("unknown_endpoint", heard, StringComparison.Ordinal);
        Assert.Contains("not_found_error", heard, StringComparison.Ordinal);
        Assert.Contains("x-request-id:", heard, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_body_of_more_than_32_MiB_is_too_large()
    {
        var body = Encoding.UTF8.GetBytes(ChatBody.Minimal(more: $",\"x\":\"{new string('x', 32 * 1024 * 1024)}\""));

        (await _fixture.Client.ChatAsync(body)).ExpectError(413, "invalid_request_error", "request_too_large");
        Assert.Empty(_fixture.Engine.Requests);
    }

    [Fact]
    public async Task A_body_just_below_the_limit_is_taken()
    {
        var body = Encoding.UTF8.GetBytes(
            ChatBody.Explicit(more: $",\"x\":\"{new string('x', 32 * 1024 * 1024 - 1000)}\"")
        );

        (await _fixture.Client.ChatAsync(body)).Expect(200);
        Splices.AssertSame(
            Splices.WithUpstreamModel(body, RecordedGateway.Model, RecordedGateway.UpstreamModel),
            Assert.Single(_fixture.Engine.Requests).Body
        );
    }
}
