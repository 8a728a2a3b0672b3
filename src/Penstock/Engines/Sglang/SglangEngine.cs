namespace Penstock.Engines.Sglang;

/// <summary>SGLang, <c>sglang.launch_server</c>.</summary>
internal static class SglangEngine
{
    /// <summary>Asks the scheduler itself, which is what must be alive, and generates nothing.</summary>
    private const string LoadsPath = "/v1/loads?include=core";

    // Releases differ in the mark behind the prefix.
    private static readonly LoadGauges Gauges = new(
        running: ["sglang:num_running_reqs", "sglang_num_running_reqs"],
        waiting: ["sglang:num_queue_reqs", "sglang_num_queue_reqs"],
        kvUsage: ["sglang:token_usage", "sglang_token_usage"]
    );

    public static Engine Facts { get; } =
        new(EngineCatalog.Sglang)
        {
            VersionPath = "/server_info",
            // Not /health: in its default it generates a token, and /health_generate always does.
            HealthPath = LoadsPath,
            Health = Judge,
            LoadSource = new LoadSource(LoadsPath, SglangLoads.Read)
            {
                Otherwise = new LoadSource("/metrics", Gauges.Read),
            },
            // Without a stream it looks for the caller every 4 s; with one it aborts about 2 s after the end.
            AbortLag = TimeSpan.FromSeconds(4),
            Priority = PriorityOrder.HighFirst,
            TakesCacheSalt = true,
            ContinuousUsage = true,
            ContinuesPartialMessage = true,
            IdleConnection = TimeSpan.FromSeconds(5), // uvicorn
            ColdStart = ColdStart.Answers503,
            // n, stream, logprobs and the penalties are plain types there.
            Fields = new FieldRules { RefusesNulls = true },
            StopDetail = "matched_stop",
            Signature = new EngineSignature([30000], ["sglang"]),
        };

    // Releases before /v1/loads answer 404: the server is up, and that is as much as can be known without a token.
    private static EngineHealth Judge(int status, ReadOnlySpan<byte> body) =>
        status == 404 ? EngineHealth.Alive : HealthRules.StartingOn503(status, body);
}
