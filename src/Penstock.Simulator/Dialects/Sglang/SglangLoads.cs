using System.Globalization;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Sglang;

/// <summary>SGLang's load documents: <c>/v1/loads</c> and the older <c>/get_load</c>.</summary>
internal static class SglangLoads
{
    public static HttpReply Answer(HttpRequest request, EngineState engine)
    {
        if (request.Target.Contains("format=prometheus", StringComparison.Ordinal))
        {
            return SglangMetrics.Answer(engine);
        }

        var c = engine.Counters;
        var now = Timestamp(engine);
        var slots = engine.Options.MaxRunning > 0 ? engine.Options.MaxRunning : 2048;
        var used = Math.Min(c.CachedTokens, engine.Options.KvTokens);
        return HttpReply.JsonText(
            string.Create(
                CultureInfo.InvariantCulture,
                $$$"""{"timestamp":"{{{now}}}","version":"{{{engine.Options.EngineVersion ?? "0.5.9"}}}","accelerator":"cuda","num_accelerators":1,"loads":[{"dp_rank":0,"timestamp":"{{{now}}}","num_running_reqs":{{{c.Running}}},"num_waiting_reqs":{{{c.Waiting}}},"num_used_tokens":{{{used}}},"num_total_tokens":{{{used}}},"max_total_num_tokens":{{{engine.Options.KvTokens}}},"token_usage":{{{engine.KvUsage:0.####}}},"gen_throughput":0.0,"cache_hit_rate":{{{engine.PrefixHitRate:0.####}}},"utilization":{{{Math.Min((double)c.Running / slots, 1):0.####}}},"max_running_requests":{{{slots}}},"queues":{"waiting":{{{c.Waiting}}},"grammar":0,"paused":0,"retracted":0}}]}"""
            )
        );
    }

    public static HttpReply Legacy(EngineState engine)
    {
        var c = engine.Counters;
        return HttpReply.JsonText(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""[{"dp_rank":0,"num_reqs":{{c.Running + c.Waiting}},"num_waiting_reqs":{{c.Waiting}},"num_tokens":{{c.CachedTokens}},"num_pending_tokens":0,"ts_tic":0.0}]"""
            )
        );
    }

    private static string Timestamp(EngineState engine) =>
        engine.Options.Time.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff+00:00", CultureInfo.InvariantCulture);
}
