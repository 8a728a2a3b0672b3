namespace Penstock.Engines.Vllm;

/// <summary>vLLM, <c>vllm serve</c>.</summary>
internal static class VllmEngine
{
    private static readonly LoadGauges Gauges = new(
        running: ["vllm:num_requests_running"],
        // Beside it stands num_requests_waiting_by_reason, which counts the same requests again.
        waiting: ["vllm:num_requests_waiting"],
        kvUsage: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"]
    );

    public static Engine Facts { get; } =
        new(EngineCatalog.Vllm)
        {
            VersionPath = "/version",
            // 200 with an empty body, 503 when the engine inside is dead: the process ends soon after.
            HealthPath = "/health",
            LoadSource = new LoadSource("/metrics", Gauges.Read),
            // The handler races with the disconnect message and aborts at once.
            AbortLag = TimeSpan.Zero,
            Priority = PriorityOrder.LowFirst,
            TakesCacheSalt = true,
            ContinuousUsage = true,
            ContinuesPartialMessage = true,
            // uvicorn's --timeout-keep-alive.
            IdleConnection = TimeSpan.FromSeconds(5),
            ColdStart = ColdStart.Refuses,
            Fields = new FieldRules
            {
                Removed = new RemovedFields(
                    [
                        "guided_json",
                        "guided_regex",
                        "guided_choice",
                        "guided_grammar",
                        "guided_decoding_backend",
                        "guided_whitespace_pattern",
                    ],
                    new Version(0, 12),
                    Instead: "structured_outputs"
                ),
            },
            StopDetail = "stop_reason",
            Signature = new EngineSignature([8000], ["vllm"]),
        };
}
