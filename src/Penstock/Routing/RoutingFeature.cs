namespace Penstock.Routing;

/// <summary>Which replica answers.</summary>
internal static class RoutingFeature
{
    public static void AddModelRouting(this IServiceCollection services) => services.AddSingleton<Router>();
}
