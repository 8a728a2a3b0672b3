using Penstock.Engines;

namespace Penstock.Tests.Engines;

public sealed class EngineFactsTests
{
    /// <summary>Paths that make an engine generate, or whose reading takes something from another reader.</summary>
    private static readonly string[] Harmful = ["/health_generate", "/generate", "/perf_metrics"];

    [Fact]
    public void No_check_generates_a_token_or_drains_what_others_read()
    {
        foreach (var engine in EngineCatalog.All)
        {
            Assert.DoesNotContain(engine.HealthPath, Harmful);
            for (var source = engine.LoadSource; source is not null; source = source.Otherwise)
            {
                Assert.DoesNotContain(source.Path, Harmful);
            }
        }

        Assert.NotEqual("/health", EngineCatalog.Find("sglang").HealthPath);
        Assert.Equal("/prometheus/metrics", EngineCatalog.Find("trtllm").LoadSource!.Path);
        Assert.Null(EngineCatalog.Find("trtllm").LoadSource!.Otherwise);
        Assert.Equal("/slots", EngineCatalog.Find("llamacpp").LoadSource!.Path);
    }

    [Theory]
    [InlineData("vllm", 200, nameof(EngineHealth.Alive))]
    [InlineData("vllm", 503, nameof(EngineHealth.Failing))]
    [InlineData("sglang", 200, nameof(EngineHealth.Alive))]
    [InlineData("sglang", 404, nameof(EngineHealth.Alive))]
    [InlineData("sglang", 503, nameof(EngineHealth.Starting))]
    [InlineData("sglang", 500, nameof(EngineHealth.Failing))]
    [InlineData("trtllm", 503, nameof(EngineHealth.Failing))]
    [InlineData("llamacpp", 503, nameof(EngineHealth.Starting))]
    [InlineData("ollama", 200, nameof(EngineHealth.Alive))]
    [InlineData("openai", 401, nameof(EngineHealth.Failing))]
    public void Each_engine_s_health_is_judged_as_it_means_it(string engine, int status, string health) =>
        Assert.Equal(health, EngineCatalog.Find(engine).Health(status, []).ToString());

    [Theory]
    [InlineData("vllm", nameof(PriorityOrder.LowFirst))]
    [InlineData("sglang", nameof(PriorityOrder.HighFirst))]
    [InlineData("trtllm", nameof(PriorityOrder.HighFirst))]
    [InlineData("llamacpp", nameof(PriorityOrder.None))]
    [InlineData("runpod-vllm", nameof(PriorityOrder.LowFirst))]
    [InlineData("nobody-knows", nameof(PriorityOrder.None))]
    public void Priorities_point_where_the_engine_has_them(string backend, string order) =>
        Assert.Equal(order, EngineCatalog.Find(backend).Priority.ToString());

    [Theory]
    [InlineData("CUDA error: device-side assert triggered", true)]
    [InlineData("[TensorRT-LLM][ERROR] Assertion failed: no free block", true)]
    [InlineData("Executor is shutting down", true)]
    [InlineData("The prompt length 5000 exceeds the maximum context length: out of memory budget", false)]
    [InlineData("Extra inputs are not permitted: store", false)]
    [InlineData("top_k must be positive", false)]
    public void Trtllm_s_400_is_judged_by_its_text(string message, bool isItsOwn)
    {
        var engine = EngineCatalog.Find("trtllm");

        Assert.True(engine.JudgesByText);
        Assert.Equal(isItsOwn, engine.OwnFault!(400, new EngineError(message, null, "400", null)));
    }

    [Fact]
    public void Names_are_unique_and_every_signature_can_be_met()
    {
        Assert.Equal(EngineCatalog.All.Length, EngineCatalog.Names.Distinct().Count());
        Assert.All(
            EngineCatalog.All.Select(engine => engine.Signature).OfType<EngineSignature>(),
            signature => Assert.True(signature.OwnedBy.Length > 0 || signature.Proof is not null)
        );
    }
}
