using Penstock.Primitives;

namespace Penstock.Keys;

/// <summary>Registers what tells who is calling.</summary>
internal static class KeysFeature
{
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptionsWithValidateOnStart<KeyOptions, KeyOptionsValidator>().BindConfiguration(KeyOptions.Section);
        services.AddSingleton(new SettingsSection(KeyOptions.Section, typeof(KeyOptions)));
        services.AddSingleton<ApiKeyAuthenticator>();
        return services;
    }
}
