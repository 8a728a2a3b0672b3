using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Trtllm;

/// <summary>The text metrics, which live beside the drained ones.</summary>
internal static class TrtllmMetrics
{
    private static readonly string[] Reasons = ["length", "stop"];

    public static HttpReply Answer(EngineState engine)
    {
        var c = engine.Counters;
        var blocks = engine.Options.KvTokens / engine.Habits.BlockSize;
        var used = Math.Floor(engine.KvUsage * blocks);
        var labels = $"engine_type=\"unknown\",model_name=\"{PrometheusText.Escaped(engine.Options.Models[0])}\"";
        return new PrometheusText(labels)
            .Gauge("trtllm_num_requests_running", "Number of requests running.", c.Running)
            .Gauge("trtllm_num_requests_waiting", "Number of requests waiting.", c.Waiting)
            .Counter("trtllm_num_requests_completed_total", "Number of requests completed.", c.Completed)
            .Gauge("trtllm_kv_cache_utilization", "KV cache utilization.", engine.KvUsage)
            .Gauge("trtllm_kv_cache_used_blocks", "Blocks in use.", used)
            .Gauge("trtllm_kv_cache_free_blocks", "Blocks free.", blocks - used)
            .Gauge("trtllm_kv_cache_max_blocks", "Blocks in all.", blocks)
            .Gauge("trtllm_kv_cache_tokens_per_block", "Tokens a block.", engine.Habits.BlockSize)
            .Gauge("trtllm_kv_cache_hit_rate", "Prefix cache hit rate.", engine.PrefixHitRate)
            .Counter("trtllm_prompt_cached_tokens_total", "Prompt tokens found in the cache.", c.PrefixHits)
            .Histogram("trtllm_time_to_first_token_seconds", "Time to first token.", c.FirstToken)
            .Histogram("trtllm_request_queue_time_seconds", "Time in the queue.", c.Queued)
            .Histogram("trtllm_e2e_request_latency_seconds", "Time of a whole request.", c.Whole)
            .Counter("trtllm_prompt_tokens_total", "Prompt tokens processed.", c.PromptTokens)
            .Counter("trtllm_generation_tokens_total", "Tokens generated.", c.GeneratedTokens)
            .Reasons(
                "trtllm_request_success_total",
                "Count of successfully processed requests.",
                "finished_reason",
                Reasons,
                c.Finished
            )
            .Reply("text/plain; version=1.0.0; charset=utf-8");
    }
}
