namespace Penstock.Engines.LmDeploy;

/// <summary>LMDeploy, <c>lmdeploy serve api_server</c>.</summary>
internal static class LmDeployEngine
{
    // Beside the engine's queue stands one of its HTTP server, num_api_requests_waiting, which counts others.
    private static readonly LoadGauges Gauges = new(
        running: ["lmdeploy:num_requests_running"],
        waiting: ["lmdeploy:num_requests_waiting"],
        kvUsage: ["lmdeploy:gpu_cache_usage_perc"]
    );

    public static Engine Facts { get; } =
        new(EngineCatalog.LmDeploy)
        {
            HealthPath = "/health",
            // There with --enable-metrics only.
            LoadSource = new LoadSource("/metrics", Gauges.Read),
            IdleConnection = TimeSpan.FromSeconds(5), // uvicorn
            Signature = new EngineSignature([23333], ["lmdeploy"]),
        };
}
