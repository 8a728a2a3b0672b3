namespace Penstock.Primitives;

/// <summary>The clock, and the beat that all deadlines share.</summary>
internal static class PrimitivesFeature
{
    public static void AddPrimitives(this IServiceCollection services) =>
        services.AddSingleton<TimeProvider>(new TurnClock()).AddSingleton<Heartbeat>().AddSingleton<Chance>();
}
