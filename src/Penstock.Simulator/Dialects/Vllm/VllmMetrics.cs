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

    public static HttpReply Answer(EngineState engine)
    {
        var c = engine.Counters;
        var labels = $"engine=\"0\",model_name=\"{PrometheusText.Escaped(engine.Options.Models[0])}\"";
        return new PrometheusText(labels)
            .Gauge("vllm:num_requests_running", "Number of requests in model execution batches.", c.Running)
            .Gauge("vllm:num_requests_waiting", "Number of requests waiting to be processed.", c.Waiting)
            .Header("vllm:num_requests_waiting_by_reason", "gauge", "Number of waiting requests by reason.")
            .Line("vllm:num_requests_waiting_by_reason", c.Waiting, "reason=\"capacity\"")
            .Line("vllm:num_requests_waiting_by_reason", 0, "reason=\"deferred\"")
            .Gauge("vllm:kv_cache_usage_perc", "KV-cache usage. 1 means 100 percent usage.", engine.KvUsage)
            .Counter("vllm:prompt_tokens_total", "Number of prefill tokens processed.", c.PromptTokens)
            .Counter("vllm:generation_tokens_total", "Number of generation tokens processed.", c.GeneratedTokens)
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
