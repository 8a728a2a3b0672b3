using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>
/// The metrics that routers and dashboards read, all of them derived from what the engine is doing.
/// </summary>
internal static class VllmMetrics
{
    private static readonly string[] Reasons = ["abort", "error", "length", "stop"];

    public static HttpReply Answer(EngineState engine, VllmRelease release)
    {
        var c = engine.Counters;
        var labels = $"engine=\"0\",model_name=\"{PrometheusText.Escaped(engine.Options.Models[0])}\"";
        return new PrometheusText(labels)
            .Gauge("vllm:num_requests_running", "Number of requests in model execution batches.", c.Running)
            .Gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", c.Waiting)
            .Header("vllm:num_requests_waiting_by_reason", "gauge", "Number of waiting requests by reason.")
            .Line("vllm:num_requests_waiting_by_reason", c.Waiting, "reason=\"capacity\"")
            .Line("vllm:num_requests_waiting_by_reason", 0, "reason=\"deferred\"")
            .Gauge(release.KvUsage, "KV-cache usage. 1 means 100 percent usage.", engine.KvUsage)
            .Counter("vllm:prompt_tokens_total", "Number of prefill tokens processed.", c.PromptTokens)
            .Counter("vllm:generation_tokens_total", "Number of generation tokens processed.", c.GeneratedTokens)
            .Counter("vllm:prefix_cache_queries_total", "Prefix cache queries, in tokens.", c.PrefixQueries)
            .Counter("vllm:prefix_cache_hits_total", "Prefix cache hits, in tokens.", c.PrefixHits)
            .Counter("vllm:num_preemptions_total", "Cumulative number of preemptions.", c.Preemptions)
            .Histogram("vllm:time_to_first_token_seconds", "Time to first token in seconds.", c.FirstToken)
            .Histogram("vllm:request_queue_time_seconds", "Time spent in the queue in seconds.", c.Queued)
            .Histogram("vllm:e2e_request_latency_seconds", "Request latency in seconds.", c.Whole)
            .Reasons(
                "vllm:request_success_total",
                "Count of successfully processed requests.",
                "finished_reason",
                Reasons,
                c.Finished
            )
            .Header("vllm:cache_config_info", "gauge", "Information of the LLMEngine CacheConfig")
            .Line(
                "vllm:cache_config_info",
                1,
                $"block_size=\"{engine.BlockSize}\",num_gpu_blocks=\"{engine.KvBlocks}\""
            )
            .Reply("text/plain; version=1.0.0; charset=utf-8");
    }
}
