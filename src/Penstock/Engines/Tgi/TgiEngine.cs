namespace Penstock.Engines.Tgi;

/// <summary>Hugging Face Text Generation Inference.</summary>
internal static class TgiEngine
{
    private static readonly LoadGauges Gauges = new(
        running: ["tgi_batch_current_size"],
        waiting: ["tgi_queue_size"],
        kvUsage: []
    );

    public static Engine Facts { get; } =
        new(EngineCatalog.Tgi)
        {
            HealthPath = "/health",
            LoadSource = new LoadSource("/metrics", Gauges.Read),
            ColdStart = ColdStart.Refuses,
            // "Failed dependency" is what it calls a failure of its own model process.
            OwnFault = static (status, _) => status == 424,
            Fields = new FieldRules
            {
                KnowsMaxTokensOnly = true,
                MostChoices = 1, // n is read and not used
                RefusesTopPOfOne = true,
                WantsStopAsList = true,
            },
            // Its models are owned by whoever published them; TEI answers /info too, without this member.
            Signature = new EngineSignature([3000], [], "/info", "max_total_tokens"),
        };
}
