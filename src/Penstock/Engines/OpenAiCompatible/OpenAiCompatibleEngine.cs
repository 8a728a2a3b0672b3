namespace Penstock.Engines.OpenAiCompatible;

/// <summary>Anything that speaks the OpenAI API and is none of the others: another gateway, a hosted model.</summary>
internal static class OpenAiCompatibleEngine
{
    /// <summary>Nothing is taken for granted that OpenAI does not promise.</summary>
    public static Engine Facts { get; } = new(EngineCatalog.OpenAi) { HealthPath = "/v1/models" };
}
