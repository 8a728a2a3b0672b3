using System.Text.Json.Nodes;
using Penstock.EndToEndTests.Harness;

namespace Penstock.EndToEndTests.Engines;

/// <summary>A queue endpoint and a load-balancing one of RunPod, played by a fake engine behind the settings' URLs.</summary>
public sealed class RunPodTests : IAsyncLifetime
{
    private const string Key = "rp-key-of-the-operator";

    private readonly RecordingEngine _engine = new();
    private GatewayProcess _gateway = null!;

    public async ValueTask InitializeAsync()
    {
        var declaration = new Declaration().Tenant("acme");
        foreach (var mode in (string[])["queue", "load_balancer"])
        {
            declaration.Deployment(
                "acme",
                mode,
                "org/model",
                "http://unused",
                deployment =>
                {
                    deployment["backend"] = "runpod-vllm";
                    deployment["replicas"] = new JsonArray(
                        new JsonObject
                        {
                            ["runpod"] = "abc123",
                            ["mode"] = mode,
                            ["api_key_env"] = "RUNPOD_API_KEY",
                        }
                    );
                }
            );
        }

        _gateway = await GatewayProcess.StartAsync(
            declaration,
            new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["RUNPOD_API_KEY"] = Key,
                ["PENSTOCK__RunPod__QueueUrl"] = _engine.Url + "/v2/{endpoint}",
                ["PENSTOCK__RunPod__LoadBalancerUrl"] = _engine.Url + "/lb/{endpoint}",
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        await _engine.DisposeAsync();
    }

    [Theory]
    [InlineData("queue", "/v2/abc123/openai/v1/chat/completions")]
    [InlineData("load_balancer", "/lb/abc123/v1/chat/completions")]
    public async Task A_request_goes_to_the_endpoint_with_the_operator_s_key(string model, string path)
    {
        _engine.Script = EngineScripts.AnyAnswer;
        var answer = await _gateway.As("acme").ChatAsync(ChatBody.Minimal(model));

        answer.Expect(200);
        Assert.Equal("runpod-vllm", answer.Header("X-Backend"));
        var received = Assert.Single(_engine.Requests);
        Assert.Equal(path, received.Path);
        Assert.Equal("Bearer " + Key, received.Header("Authorization"));
    }

    [Fact]
    public async Task A_job_s_error_is_the_engine_s_own_and_is_not_asked_for_again()
    {
        _engine.Script = EngineScripts.Answer(
            500,
            """{"error":"{'message': 'vLLM returned HTTP 400: {\"error\":{\"message\":\"no\",\"code\":400}}', 'type': 'worker_error', 'code': None}"}"""
        );

        foreach (var body in (string[])[ChatBody.Minimal("queue"), ChatBody.Stream("queue")])
        {
            var answer = await _gateway.As("acme").ChatAsync(body);
            answer.ExpectError(400, "invalid_request_error", "400");
        }

        Assert.Equal(2, _engine.Requests.Count(request => request.Method == "POST"));
    }

    [Fact]
    public async Task An_event_that_two_pieces_cut_is_whole_for_the_caller()
    {
        var whole =
            EngineScripts.RoleChunk + EngineScripts.TextChunk("grüß") + EngineScripts.FinishChunk + EngineScripts.Done;
        var bytes = EngineScripts.Bytes(whole);
        _engine.Script = async exchange =>
        {
            await exchange.StartStreamAsync();
            for (var at = 0; at < bytes.Length; at += 41)
            {
                await exchange.ChunkAsync(bytes.AsMemory(at, Math.Min(41, bytes.Length - at)));
            }

            await exchange.EndAsync();
        };

        var answer = await _gateway.As("acme").ChatAsync(ChatBody.Stream("queue"));

        Assert.Equal(whole, answer.Text);
    }

    [Fact]
    public async Task A_stream_that_lost_its_finish_is_an_error_and_has_no_sentinel()
    {
        _engine.Script = EngineScripts.Stream(
            EngineScripts.RoleChunk,
            EngineScripts.TextChunk("Hello"),
            EngineScripts.Done
        );

        var answer = await _gateway.As("acme").ChatAsync(ChatBody.Stream("queue"));

        Assert.Contains("\"error\"", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("[DONE]", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("queue", true)]
    [InlineData("load_balancer", false)]
    public async Task An_event_that_lost_a_piece_is_a_gap_on_a_queue_and_noise_elsewhere(string model, bool isError)
    {
        var torn = EngineScripts.TextChunk("lost")[..60] + "\n\n";
        _engine.Script = EngineScripts.Stream(
            EngineScripts.RoleChunk,
            EngineScripts.TextChunk("Hello"),
            torn,
            EngineScripts.TextChunk("you"),
            EngineScripts.FinishChunk,
            EngineScripts.Done
        );

        var answer = await _gateway.As("acme").ChatAsync(ChatBody.Stream(model));

        Assert.Equal(isError, answer.Text.Contains("\"error\"", StringComparison.Ordinal));
        Assert.Equal(!isError, answer.Text.Contains("[DONE]", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_endpoint_is_shown_by_its_id()
    {
        var exported = (await _gateway.Cli.RunAsync("export")).Expect(0);

        Assert.Contains("runpod: abc123", exported.Output, StringComparison.Ordinal);
        Assert.Contains("mode: load_balancer", exported.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, exported.Output, StringComparison.Ordinal);
    }
}
