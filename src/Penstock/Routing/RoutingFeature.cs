using System.Security.Cryptography;
using System.Text;
using Penstock.Primitives;
using Penstock.Routing.Explaining;

namespace Penstock.Routing;

/// <summary>Which replica answers.</summary>
internal static class RoutingFeature
{
    /// <param name="secretFile">Where the secret of the cache salts is kept, made at first use; null: for this process only.</param>
    public static void AddModelRouting(this IServiceCollection services, string? secretFile = null)
    {
        services.AddSection<RoutingOptions>("Routing");
        services
            .AddSingleton<Router>()
            .AddSingleton<Explanations>()
            .AddSingleton(provider => new CacheSalts(
                Encoding.UTF8.GetBytes(provider.GetRequiredService<RoutingOptions>().CacheSecret ?? Kept(secretFile))
            ));
    }

    private static string Kept(string? file) =>
        file is null ? MakeSecret() : PrivateFile.ReadOrCreate(file, MakeSecret);

    private static string MakeSecret() => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
}
