namespace Penstock.Engines.RunPod;

/// <summary>What changes about an engine that runs at RunPod.</summary>
/// <param name="AbortLag">How long a job is taken to run on after its caller has gone.</param>
internal sealed record RunPodHost(RunPodMode Mode, TimeSpan AbortLag)
{
    public Engine Over(Engine engine) => Mode == RunPodMode.Queue ? Queue(engine) : LoadBalancer(engine);

    private Engine Queue(Engine engine) =>
        engine with
        {
            ChatPath = "/openai" + engine.ChatPath,
            ModelsPath = "/openai" + engine.ModelsPath,
            // Only the host's own documents are free of charge.
            AskingCosts = true,
            VersionPath = null,
            HealthPath = "/health",
            Health = RunPodHealth.Judge,
            LoadSource = new LoadSource("/health", RunPodHealth.ReadLoad),
            AbortLag = AbortLag,
            IdleConnection = OfTheEdge,
            // A worker posts every piece by itself, and drops one that it cannot post.
            LosesPieces = true,
            ColdStart = ColdStart.Holds,
        };

    // /ping is what the host itself asks of every worker. Which worker answers anything else is left to chance.
    private static Engine LoadBalancer(Engine engine) =>
        engine with
        {
            AskingCosts = true,
            VersionPath = null,
            HealthPath = "/ping",
            Health = static (status, body) =>
                status == 204 ? EngineHealth.Starting : HealthRules.ByStatus(status, body),
            LoadSource = null,
            IdleConnection = OfTheEdge,
            ColdStart = ColdStart.Holds,
        };

    /// <summary>Its edge says nothing of idle connections: the common minute.</summary>
    private static TimeSpan OfTheEdge { get; } = TimeSpan.FromSeconds(60);
}
