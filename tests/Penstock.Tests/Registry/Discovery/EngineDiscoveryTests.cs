using Microsoft.Extensions.Time.Testing;
using Penstock.Registry;
using Penstock.Registry.Discovery;

namespace Penstock.Tests.Registry.Discovery;

public sealed class EngineDiscoveryTests
{
    private static readonly EngineDiscovery Discovery = new(TimeProvider.System);

    [Theory]
    [InlineData("vllm", "vllm")]
    [InlineData("sglang", "sglang")]
    [InlineData("tensorrt_llm", "trtllm")]
    [InlineData("llamacpp", "llamacpp")]
    [InlineData("library", "ollama")]
    [InlineData("organization_owner", "lmstudio")]
    [InlineData("lmdeploy", "lmdeploy")]
    [InlineData("somebody", "openai")]
    public async Task An_engine_is_recognised_by_the_owner_of_its_models(string ownedBy, string backend)
    {
        using var engine = LittleEngine.OfModels(ownedBy, "a", "org/b");

        var found = Assert.Single((await AskAsync(engine.Url)).Engines);

        Assert.Equal((engine.Url, backend), (found.Url, found.Backend));
        Assert.Equal(["a", "org/b"], found.Models);
    }

    [Theory]
    [InlineData("/api/version", "ollama")]
    [InlineData("/api/v0/models", "lmstudio")]
    [InlineData("/info", "tgi", """{"model_id":"a","max_total_tokens":4096}""")]
    [InlineData("/info", "openai", """{"model_id":"a","max_batch_tokens":4096}""")]
    [InlineData("/info", "openai", "[]")]
    [InlineData("/version", "openai")]
    public async Task What_says_nothing_of_itself_is_recognised_by_a_path_of_its_own(
        string path,
        string backend,
        string body = "{}"
    )
    {
        using var engine = new LittleEngine(("/v1/models", LittleEngine.Models("me", "a")), (path, body));

        Assert.Equal(backend, Assert.Single((await AskAsync(engine.Url)).Engines).Backend);
    }

    [Fact]
    public async Task The_engines_own_word_counts_before_a_path_that_others_answer_too()
    {
        using var engine = new LittleEngine(
            ("/v1/models", LittleEngine.Models("tensorrt_llm", "a")),
            ("/version", "{}"),
            ("/api/version", "{}")
        );

        Assert.Equal("trtllm", Assert.Single((await AskAsync(engine.Url)).Engines).Backend);
        Assert.Equal(["GET /v1/models"], engine.Asked);
    }

    [Theory]
    [InlineData("[]", "not a list of models")]
    [InlineData("rubbish", "not a list of models")]
    [InlineData("{}", "offers no models")]
    [InlineData("""{"data":[null,{},{"id":null},{"id":"a\nb"}]}""", "offers no models")]
    [InlineData("""{"data":7}""", "not a list of models")]
    public async Task What_makes_no_sense_is_no_engine(string json, string problem)
    {
        using var engine = new LittleEngine(("/v1/models", json));

        var result = await AskAsync(engine.Url);

        Assert.Empty(result.Engines);
        Assert.Contains(problem, Assert.Single(result.Problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_answer_keeps_nobody_waiting()
    {
        var time = new FakeTimeProvider();
        using var silent = new LittleEngine(("/v1/models", null));
        using var engine = LittleEngine.OfModels("vllm", "a");

        var asking = new EngineDiscovery(time).AtAsync([silent.Url, engine.Url], TestRegistry.Stop);
        while (!asking.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(engine.Asked.Count > 0 ? 1000 : 0));
            await Task.Yield();
        }

        var result = await asking;
        Assert.Contains(
            "does not answer in time",
            result.Problems.Single(p => p.Url == silent.Url).Problem,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("ftp://127.0.0.1", "must begin with http:// or https://")]
    [InlineData("nonsense", "must be a URL")]
    public async Task A_url_that_is_none_is_a_problem(string url, string problem)
    {
        var result = await AskAsync(url);

        Assert.Contains(problem, Assert.Single(result.Problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_usual_ports_are_those_of_the_manual() =>
        Assert.Equal([1234, 3000, 8000, 8080, 11434, 23333, 30000], EngineDiscovery.UsualPorts.Order());

    [Fact]
    public async Task Found_models_are_registered_once_and_stay_when_their_engine_is_gone()
    {
        using var registry = await TestRegistry.OpenAsync();
        await new FirstStart(registry.Live, registry.Keys).EnsureAsync(TestRegistry.Stop);
        var registration = new EngineRegistration(registry.Live, registry.Deployments);
        var engine = new FoundEngine("http://127.0.0.1:8000", "vllm", ["a", "org/b"]);

        var first = await registration.RegisterAsync([engine], TestRegistry.Stop);
        var again = await registration.RegisterAsync([engine], TestRegistry.Stop);
        var gone = await registration.RegisterAsync([], TestRegistry.Stop);
        var other = await registration.RegisterAsync(
            [engine with { Url = "http://127.0.0.1:30000" }],
            TestRegistry.Stop
        );

        Assert.Equal(["a", "org/b"], first.Select(deployment => deployment.Model));
        Assert.All(first, deployment => Assert.Equal("default", registry.State.WorkspaceName(deployment.WorkspaceId)));
        Assert.Empty(again);
        Assert.Empty(gone);
        Assert.Equal(2, other.Count);
        Assert.Equal(4, registry.State.Deployments.Count);
    }

    [Fact]
    public async Task Without_the_first_workspace_nothing_is_registered()
    {
        using var registry = await TestRegistry.OpenAsync();
        await registry.MakeWorkspaceAsync("mine");
        var registration = new EngineRegistration(registry.Live, registry.Deployments);

        var registered = await registration.RegisterAsync(
            [new("http://127.0.0.1:8000", "vllm", ["a"])],
            TestRegistry.Stop
        );

        Assert.Empty(registered);
    }

    private static Task<DiscoveryResult> AskAsync(string url) => Discovery.AtAsync([url], TestRegistry.Stop);
}
