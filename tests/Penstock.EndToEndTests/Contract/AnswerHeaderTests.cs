using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Contract;

/// <summary>The headers of the contract's section 4, on JSON, on streams and on errors.</summary>
public sealed class AnswerHeaderTests : IClassFixture<RecordedGateway>
{
    private readonly RecordedGateway _fixture;

    public AnswerHeaderTests(RecordedGateway fixture)
    {
        _fixture = fixture;
        _fixture.Engine.Reset();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Every_header_of_the_contract_is_on_a_success(bool stream)
    {
        var id = "0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10";
        var model = $"headers-{stream}";
        id = id[..^1] + (stream ? "1" : "0");
        await _fixture.Gateway.DeployAsync(
            RecordedGateway.Tenant,
            model,
            RecordedGateway.UpstreamModel,
            _fixture.Engine.Url,
            deployment => deployment["id"] = id
        );

        var body = stream ? ChatBody.Stream(model) : ChatBody.Minimal(model);
        var answer = (await _fixture.Client.ChatAsync(body)).Expect(200);

        Assert.True(Guid.TryParseExact(answer.Header("X-Request-Id"), "D", out _), answer.ToString());
        Assert.Equal(RecordedGateway.UpstreamModel, answer.Header("X-Model-Used"));
        Assert.Equal(model, answer.Header("X-Route-Model"));
        Assert.Equal("vllm", answer.Header("X-Backend"));
        Assert.Equal(id, answer.Header("X-Deployment-Id"));
        AssertLimits(answer);
    }

    [Fact]
    public async Task The_backend_is_as_the_operator_named_it()
    {
        var model = await _fixture.DeployAsync(_fixture.Engine.Url, d => d["backend"] = "runpod-vllm");

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal(model))).Expect(200);

        Assert.Equal("runpod-vllm", answer.Header("X-Backend"));
    }

    [Fact]
    public async Task An_error_of_an_authenticated_caller_carries_id_and_limits()
    {
        var refused = (await _fixture.Client.ChatAsync(ChatBody.Minimal(more: ",\"n\":0"))).Expect(400);
        var unknown = (await _fixture.Client.ChatAsync(ChatBody.Minimal("unknown"))).Expect(404);

        foreach (var answer in (Answer[])[refused, unknown])
        {
            Assert.True(Guid.TryParse(answer.Header("X-Request-Id"), out _));
            AssertLimits(answer);
        }
    }

    [Fact]
    public async Task No_two_answers_share_an_id()
    {
        var ids = new HashSet<string?>(StringComparer.Ordinal);
        for (var i = 0; i < 20; i++)
        {
            Assert.True(ids.Add((await _fixture.Client.GetAsync("/v1/models")).Header("X-Request-Id")));
        }
    }

    [Theory]
    [InlineData("a-client's own id 7", true)]
    [InlineData("tab\tinside", false)]
    public async Task A_client_request_id_of_printable_ASCII_is_echoed(string id, bool echoed)
    {
        foreach (var body in (string[])[ChatBody.Minimal(), ChatBody.Minimal("unknown")])
        {
            var answer = await _fixture.Client.ChatAsync(body, ("X-Client-Request-Id", id));

            Assert.Equal(echoed ? id : null, answer.Header("X-Client-Request-Id"));
        }
    }

    [Theory]
    [InlineData(512, true)]
    [InlineData(513, false)]
    public async Task A_client_request_id_may_have_512_characters(int length, bool echoed)
    {
        var id = new string('i', length);

        var answer = await _fixture.Client.ChatAsync(ChatBody.Minimal(), ("X-Client-Request-Id", id));

        Assert.Equal(echoed ? id : null, answer.Header("X-Client-Request-Id"));
    }

    [Fact]
    public async Task Headers_of_the_engine_that_the_contract_does_not_name_stay_inside()
    {
        _fixture.Engine.Script = exchange =>
            exchange.AnswerAsync(
                200,
                EngineScripts.Json,
                moreHeaders: "Server: uvicorn\r\nSet-Cookie: a=b\r\nX-Request-Id: theirs\r\nX-RateLimit-Limit: 1\r\n"
                    + "x-internal-host: gpu-17\r\nX-Deployment-Id: theirs\r\n"
            );

        var answer = (await _fixture.Client.ChatAsync(ChatBody.Minimal())).Expect(200);

        Assert.Null(answer.Header("Set-Cookie"));
        Assert.Null(answer.Header("x-internal-host"));
        Assert.DoesNotContain("uvicorn", answer.Headers.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("theirs", answer.Headers.ToString(), StringComparison.Ordinal);
        Assert.NotEqual("1", answer.Header("X-RateLimit-Limit"));
    }

    [Fact]
    public async Task The_status_of_a_success_is_the_engines()
    {
        _fixture.Engine.Script = EngineScripts.Answer(201, EngineScripts.Json);

        (await _fixture.Client.ChatAsync(ChatBody.Minimal())).Expect(201);
    }

    private static void AssertLimits(Answer answer)
    {
        Assert.Equal("6000000", answer.Header("X-RateLimit-Limit"));
        Assert.InRange(long.Parse(answer.Header("X-RateLimit-Remaining")!), 0, 6_000_000);
        Assert.Equal(Declaration.Unlimited, answer.Header("X-RateLimit-Tier"));
        var reset = DateTimeOffset.FromUnixTimeSeconds(long.Parse(answer.Header("X-RateLimit-Reset")!));
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(reset, now.AddMinutes(-1), now.AddMinutes(2));
    }
}
