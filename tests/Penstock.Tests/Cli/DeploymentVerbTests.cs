using System.Text.Json;

namespace Penstock.Tests.Cli;

public sealed class DeploymentVerbTests : IAsyncLifetime
{
    private FakeManagementServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await FakeManagementServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private Task<CliOutcome> Run(string line) => CommandLine.To(_server).RunAsync(line);

    [Fact]
    public async Task Create_sends_the_shape_of_the_declarative_file()
    {
        _server.Will(CannedAnswer.Of(Samples.Deployment, 201));
        var outcome = await Run(
            $"deployments create --id {Samples.Id} --workspace acme --model llama --upstream-model meta/llama "
                + "--backend vllm --replica http://10.0.0.5:8000 --replica https://h:1/base,weight=3 "
                + "--api-key-env VLLM_KEY --top-logprobs 20 --n 4 --max-concurrency 32 --queue 8 "
                + "--defaults max_tokens=100,temperature=0.5,top_p=0.9 --connect-timeout 1s --first-byte-timeout 60s "
                + "--idle-timeout 10s --total-timeout 5m --attempts 2 --fallbacks a,b"
        );
        Assert.Equal(
            (0, $"Created deployment {Samples.Id} of model llama-3.3-70b.\n"),
            (outcome.ExitCode, outcome.Error)
        );
        var request = Assert.Single(_server.Requests);
        Assert.Equal(("POST", "/admin/v1/deployments"), (request.Method, request.PathAndQuery));
        AssertSameJson(
            """
            {
              "id": "0c6ef3b4-7d6e-4f0e-9a53-3f4a3f8b7f10",
              "workspace": "acme", "model": "llama", "upstream_model": "meta/llama", "backend": "vllm",
              "replicas": [
                { "url": "http://10.0.0.5:8000", "api_key_env": "VLLM_KEY" },
                { "url": "https://h:1/base", "api_key_env": "VLLM_KEY", "weight": 3 }
              ],
              "limits": { "top_logprobs": 20, "n": 4, "max_concurrency": 32, "queue": 8 },
              "defaults": { "max_tokens": 100, "temperature": 0.5, "top_p": 0.9 },
              "timeouts": { "connect": "1s", "first_byte": "60s", "idle": "10s", "total": "5m" },
              "retry": { "attempts": 2 },
              "fallbacks": ["a", "b"]
            }
            """,
            request.Body
        );
    }

    [Fact]
    public async Task Create_leaves_out_what_was_not_named_and_takes_the_model_for_the_upstream_model()
    {
        _server.Will(CannedAnswer.Of(Samples.Deployment, 201));
        await Run("deployments create --workspace * --model m --backend sglang --replica http://e:1");
        AssertSameJson(
            """
            {
              "workspace": "*", "model": "m", "upstream_model": "m", "backend": "sglang",
              "replicas": [{ "url": "http://e:1" }]
            }
            """,
            Assert.Single(_server.Requests).Body
        );
    }

    [Fact]
    public async Task An_endpoint_at_runpod_is_named_in_place_of_an_address()
    {
        _server.Will(CannedAnswer.Of(Samples.Deployment, 201));
        await Run(
            "deployments create --workspace * --model m --backend runpod-vllm --replica runpod:abc,weight=2 "
                + "--replica runpod:def:load_balancer --api-key-env RUNPOD_KEY"
        );
        AssertSameJson(
            """
            {
              "workspace": "*", "model": "m", "upstream_model": "m", "backend": "runpod-vllm",
              "replicas": [
                { "runpod": "abc", "api_key_env": "RUNPOD_KEY", "weight": 2 },
                { "runpod": "def", "mode": "load_balancer", "api_key_env": "RUNPOD_KEY" }
              ]
            }
            """,
            Assert.Single(_server.Requests).Body
        );
    }

    [Fact]
    public async Task Set_patches_only_what_was_named()
    {
        _server.Will(CannedAnswer.Of(Samples.Deployment), CannedAnswer.Of(Samples.Deployment));
        await Run($"deployments set {Samples.Id} --queue 10 --defaults engine --no-fallbacks");
        await Run($"deployments set {Samples.Id} --replica http://e:2 --api-key-file /run/key");
        Assert.All(
            _server.Requests,
            r => Assert.Equal($"PATCH /admin/v1/deployments/{Samples.Id}", $"{r.Method} {r.PathAndQuery}")
        );
        AssertSameJson("""{"limits":{"queue":10},"defaults":"engine","fallbacks":[]}""", _server.Requests[0].Body);
        AssertSameJson("""{"replicas":[{"url":"http://e:2","api_key_file":"/run/key"}]}""", _server.Requests[1].Body);
    }

    [Fact]
    public async Task Show_finds_a_deployment_by_its_model_and_shows_all_of_it()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Deployment)), CannedAnswer.Of(Samples.Deployment));
        var outcome = await Run("deployments show llama-3.3-70b --workspace acme");
        Assert.Equal(
            ["/admin/v1/deployments?workspace=acme&limit=500", $"/admin/v1/deployments/{Samples.Id}"],
            _server.Requests.Select(r => r.PathAndQuery)
        );
        string[] parts =
        [
            "meta-llama/Llama-3.3-70B-Instruct",
            "http://10.0.0.5:8000, weight 2, credential in variable VLLM_KEY",
            "top_logprobs 5, n 128, max_concurrency 256, queue 64",
            "max_tokens 512, temperature 1, top_p 1",
            "connect 2s, first_byte 120s, idle 30s, total 30m",
            "attempts 3",
            "llama-3.1-8b",
        ];
        Assert.All(parts, part => Assert.Contains(part, outcome.Out, StringComparison.Ordinal));
    }

    [Fact]
    public async Task List_and_delete_do_as_they_say()
    {
        _server.Will(CannedAnswer.Of(Samples.ListOf(Samples.Deployment)), new CannedAnswer(204, ""));
        var list = await Run("deployments list --workspace acme");
        var delete = await Run($"deployments delete {Samples.Id}");
        Assert.Equal(
            [$"GET /admin/v1/deployments?workspace=acme&limit=500", $"DELETE /admin/v1/deployments/{Samples.Id}"],
            _server.Requests.Select(r => $"{r.Method} {r.PathAndQuery}")
        );
        Assert.Contains("http://10.0.0.5:8000", list.Out, StringComparison.Ordinal);
        Assert.Equal(new CliOutcome(0, "", $"Deleted deployment {Samples.Id}.\n"), delete);
    }

    private static void AssertSameJson(string expected, string actual)
    {
        using var left = JsonDocument.Parse(expected);
        using var right = JsonDocument.Parse(actual);
        Assert.True(JsonElement.DeepEquals(left.RootElement, right.RootElement), actual);
    }
}
