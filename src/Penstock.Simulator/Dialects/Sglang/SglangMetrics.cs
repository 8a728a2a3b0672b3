using Penstock.Simulator.Dialects.Writing;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's metrics, under whichever of the two spellings its release has.</summary>
internal static class SglangMetrics
{
    private const int PageSize = 1;

    public static HttpReply Answer(EngineState engine)
    {
        var c = engine.Counters;
        var kv = engine.Options.KvTokens;
        // The colon went after 0.5.3 in some builds; both are in the field.
        var p = engine.Options.MetricPrefix ?? "sglang:";
        var labels =
            $"engine_type=\"unified\",model_name=\"{PrometheusText.Escaped(engine.Options.Models[0])}\",pp_rank=\"0\",tp_rank=\"0\"";
        return new PrometheusText(labels)
            .Gauge(p + "num_running_reqs", "The number of running requests.", c.Running)
            .Gauge(p + "num_queue_reqs", "The number of requests in the waiting queue.", c.Waiting)
            .Gauge(p + "num_used_tokens", "The number of used tokens.", Math.Min(c.CachedTokens, kv))
            .Gauge(p + "token_usage", "The token usage.", engine.KvUsage)
            .Gauge(p + "max_total_num_tokens", "The capacity of the cache in tokens.", kv)
            .Counter(p + "prompt_tokens_total", "Number of prefill tokens processed.", c.PromptTokens)
            .Counter(p + "generation_tokens_total", "Number of generation tokens processed.", c.GeneratedTokens)
            .Counter(p + "cached_tokens_total", "Number of cached prompt tokens.", c.PrefixHits)
            .Gauge(p + "cache_hit_rate", "The prefix cache hit rate.", engine.PrefixHitRate)
            .Histogram(p + "time_to_first_token_seconds", "Time to first token in seconds.", c.FirstToken)
            .Histogram(p + "e2e_request_latency_seconds", "Request latency in seconds.", c.Whole)
            .Counter(p + "num_requests_total", "Number of requests processed.", c.Completed)
            .Counter(p + "num_aborted_requests_total", "Number of requests aborted.", c.Aborted)
            .Header(p + "cache_config_info", "gauge", "Information of the cache config")
            .Line(p + "cache_config_info", 1, $"num_pages=\"{kv / PageSize}\",page_size=\"{PageSize}\"")
            .Reply("text/plain; version=0.0.4; charset=utf-8");
    }
}
