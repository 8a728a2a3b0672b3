namespace Penstock.Engines.Ollama;

/// <summary>Ollama, through its OpenAI-compatible routes.</summary>
internal static class OllamaEngine
{
    public static Engine Facts { get; } =
        new(EngineCatalog.Ollama)
        {
            VersionPath = "/api/version",
            // It has no health route; this one touches no model.
            HealthPath = "/api/version",
            // It loads a model inside the request that asks for it: minutes, sometimes.
            ColdStart = ColdStart.Holds,
            // Its compatibility layer drops these without a word.
            Fields = new FieldRules
            {
                KnowsMaxTokensOnly = true,
                IgnoresToolChoice = true,
                MostChoices = 1,
            },
            // Its models are owned by "library", or by whoever published them.
            Signature = new EngineSignature([11434], ["library"], "/api/version"),
        };
}
