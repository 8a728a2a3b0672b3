namespace Penstock.Engines;

/// <summary>The rules that several engines share.</summary>
internal static class HealthRules
{
    /// <summary>2xx is well; anything else is not.</summary>
    public static EngineHealth ByStatus(int status, ReadOnlySpan<byte> body) =>
        status is >= 200 and < 300 ? EngineHealth.Alive : EngineHealth.Failing;

    /// <summary>The same for engines that listen before they are ready, and say so with 503.</summary>
    public static EngineHealth StartingOn503(int status, ReadOnlySpan<byte> body) =>
        status == 503 ? EngineHealth.Starting : ByStatus(status, body);
}
