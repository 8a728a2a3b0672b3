using Microsoft.Extensions.DependencyInjection.Extensions;
using Penstock.Primitives;
using Penstock.Registry.Changes;
using Penstock.Registry.Discovery;
using Penstock.Registry.Reading;

namespace Penstock.Registry;

/// <summary>Registers the registry. A store is registered beside it, by the storage that is chosen.</summary>
internal static class RegistryFeature
{
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EnvironmentVariables.OfTheProcess);
        services.TryAddSingleton<IChangeFeed, SilentChangeFeed>();
        services.AddSection<RunPodOptions>("RunPod");
        return services
            .AddSingleton<UpstreamCredentials>()
            .AddSingleton<RoutableDeployments>()
            .AddSingleton<KeyChanges>()
            .AddSingleton<DeploymentChanges>()
            .AddSingleton<RegistryApply>()
            .AddSingleton<KeyReader>()
            .AddSingleton<RegistryFileReader>()
            .AddSingleton<RegistryFileApplier>()
            .AddSingleton<EngineDiscovery>()
            .AddSingleton<EngineRegistration>()
            .AddSingleton<FirstStart>()
            .AddSingleton<LiveRegistry>()
            .AddHostedService<CredentialFileWatch>();
    }

    /// <summary>Adds the declarative file and its watch. The host applies it once before it starts.</summary>
    public static IServiceCollection AddConfigFile(this IServiceCollection services, string path, bool prune) =>
        services
            .AddSingleton(provider => new ConfigFile(
                path,
                prune,
                provider.GetRequiredService<RegistryFileApplier>(),
                provider.GetRequiredService<ILogger<ConfigFile>>()
            ))
            .AddHostedService<ConfigFileWatch>();
}
