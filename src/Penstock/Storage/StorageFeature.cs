using Penstock.Primitives;

namespace Penstock.Storage;

/// <summary>What every kind of storage needs: the data folder and the key of the credentials.</summary>
internal static class StorageFeature
{
    /// <param name="folder">Opened by the host, which also says so when it is taken.</param>
    public static IServiceCollection AddStorage(this IServiceCollection services, DataFolder folder)
    {
        services.AddSection<DatabaseOptions>(DatabaseOptions.Section);
        services.AddSection<SecretOptions>("Secrets");
        return services
            .AddSingleton(folder)
            .AddSingleton(provider => SecretBox.Open(folder, provider.GetRequiredService<SecretOptions>()));
    }
}
