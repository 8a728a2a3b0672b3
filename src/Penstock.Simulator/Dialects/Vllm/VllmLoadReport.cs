using System.Globalization;
using Penstock.Simulator.Engine;
using Penstock.Simulator.Http;

namespace Penstock.Simulator.Dialects.Vllm;

/// <summary>The load report in a header of the answer, for whoever asks for it, in one of ORCA's two formats.</summary>
internal static class VllmLoadReport
{
    private const string Name = "endpoint-load-metrics";

    public static HttpHeader? Header(HttpRequest request, EngineState engine)
    {
        var (usage, waiting) = (engine.KvUsage, engine.Counters.Waiting);
        return request.Header($"{Name}-format")?.ToUpperInvariant() switch
        {
            "TEXT" => new HttpHeader(
                Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"TEXT named_metrics.kv_cache_usage_perc={usage:0.######}, named_metrics.num_requests_waiting={waiting}"
                )
            ),
            "JSON" => new HttpHeader(
                Name,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $$$"""JSON {"named_metrics": {"kv_cache_usage_perc": {{{usage:0.######}}}, "num_requests_waiting": {{{waiting}}}}}"""
                )
            ),
            _ => null,
        };
    }
}
