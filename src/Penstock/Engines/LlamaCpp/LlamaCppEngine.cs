namespace Penstock.Engines.LlamaCpp;

/// <summary>llama.cpp, <c>llama-server</c>.</summary>
internal static class LlamaCppEngine
{
    public static Engine Facts { get; } =
        new(EngineCatalog.LlamaCpp)
        {
            HealthPath = "/health",
            Health = HealthRules.StartingOn503,
            // Not /metrics: its throughput gauges are averages since the last reader came by.
            LoadSource = new LoadSource("/slots", LlamaCppSlots.Read),
            // The handler looks at the socket once a second.
            AbortLag = TimeSpan.FromSeconds(1),
            ContinuesPartialMessage = true,
            // cpp-httplib's keep-alive.
            IdleConnection = TimeSpan.FromSeconds(5),
            ColdStart = ColdStart.Answers503,
            // It reads tool_choice as a string; the object of a named function falls back to auto.
            Fields = new FieldRules { IgnoresNamedToolChoice = true },
            Signature = new EngineSignature([8080], ["llamacpp"]),
        };
}
