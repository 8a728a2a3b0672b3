using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Llamacpp;

/// <summary>llama-server's metrics, which carry no labels.</summary>
internal static class LlamacppMetrics
{
    public static HttpReply Answer(EngineState engine)
    {
        var c = engine.Counters;
        return new PrometheusText(labels: "", asPython: false)
            .Counter("llamacpp:prompt_tokens_total", "Number of prompt tokens processed.", c.PromptTokens)
            .Counter("llamacpp:prompt_tokens_cached_total", "Number of prompt tokens found in the cache.", c.PrefixHits)
            .Counter("llamacpp:tokens_predicted_total", "Number of generation tokens processed.", c.GeneratedTokens)
            .Gauge("llamacpp:requests_processing", "Number of requests processing.", c.Running)
            .Gauge("llamacpp:requests_deferred", "Number of requests deferred.", c.Waiting)
            .Reply("text/plain; version=0.0.4") with
        {
            Headers = [new HttpHeader("Process-Start-Time-Unix", $"{engine.Started}")],
        };
    }
}
