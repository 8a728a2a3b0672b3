using Penstock.Primitives;

namespace Penstock.Relaying;

/// <summary>The way back.</summary>
internal static class RelayingFeature
{
    public static void AddRelaying(this IServiceCollection services) => services.AddSection<RelayOptions>("Relaying");
}
