using System.Collections.Immutable;

namespace Penstock.Engines.TrtLlm;

/// <summary>TensorRT-LLM, <c>trtllm-serve</c>.</summary>
internal static class TrtLlmEngine
{
    private static readonly LoadGauges Gauges = new(
        running: ["trtllm_num_requests_running"],
        waiting: ["trtllm_num_requests_waiting"],
        kvUsage: ["trtllm_kv_cache_utilization"]
    );

    /// <summary>
    /// It refuses every field it does not know. These are OpenAI's and ask nothing of an engine; what would change the
    /// answer (functions, audio, a vendor's own fields) is refused by it, as it should be.
    /// </summary>
    private static readonly ImmutableArray<string> NoOps =
    [
        "store",
        "metadata",
        "service_tier",
        "prediction",
        "modalities",
        "verbosity",
        "safety_identifier",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "web_search_options",
    ];

    public static Engine Facts { get; } =
        new(EngineCatalog.TrtLlm)
        {
            VersionPath = "/version",
            // Not /health_generate, which generates.
            HealthPath = "/health",
            // Never /metrics: its statistics are gone once they were read, and another reader would miss them.
            LoadSource = new LoadSource("/prometheus/metrics", Gauges.Read),
            // A task looks for the caller once a second.
            AbortLag = TimeSpan.FromSeconds(1),
            Priority = PriorityOrder.HighFirst,
            PriorityIsFraction = true,
            TakesCacheSalt = true,
            ContinuousUsage = true,
            IdleConnection = TimeSpan.FromSeconds(5), // uvicorn
            ColdStart = ColdStart.Refuses,
            OwnFault = TrtLlmFaults.IsOwn,
            Fields = new FieldRules { LeftOut = NoOps },
            StopDetail = "stop_reason",
            Signature = new EngineSignature([8000], ["tensorrt_llm"]),
        };
}
