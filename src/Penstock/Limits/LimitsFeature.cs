using Penstock.Primitives;

namespace Penstock.Limits;

/// <summary>Registers what tells whether a caller may call now.</summary>
internal static class LimitsFeature
{
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddSingleton<ILimitStore, LocalLimitStore>();
        services.AddSingleton<Limiter>();
        services.AddSingleton<IAllowanceStore, LocalAllowanceStore>();
        services.AddSection<LimitsOptions>("Limits");
        return services;
    }
}
