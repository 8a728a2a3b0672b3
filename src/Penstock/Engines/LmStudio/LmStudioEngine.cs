namespace Penstock.Engines.LmStudio;

/// <summary>LM Studio's local server.</summary>
internal static class LmStudioEngine
{
    public static Engine Facts { get; } =
        new(EngineCatalog.LmStudio)
        {
            HealthPath = "/v1/models",
            // It loads a model inside the request that asks for it.
            ColdStart = ColdStart.Holds,
            Signature = new EngineSignature([1234], ["organization_owner"], "/api/v0/models"),
        };
}
