using Microsoft.Extensions.DependencyInjection.Extensions;
using Penstock.Registry.Changes;

namespace Penstock.Registry;

/// <summary>Registers the registry. A store is registered beside it, by the storage that is chosen.</summary>
internal static class RegistryFeature
{
    public static IServiceCollection AddRegistry(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(EnvironmentVariables.OfTheProcess);
        return services
            .AddSingleton<UpstreamCredentials>()
            .AddSingleton<RoutableDeployments>()
            .AddSingleton<KeyChanges>()
            .AddSingleton<DeploymentChanges>()
            .AddSingleton<FirstStart>()
            .AddSingleton<LiveRegistry>();
    }
}
