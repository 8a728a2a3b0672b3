using Microsoft.Extensions.Options;

namespace Penstock.Primitives;

/// <summary>One feature's settings from its section, checked at start with all mistakes at once.</summary>
internal static class OptionsSection
{
    public static void AddSection<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        services.AddSingleton(new SettingsSection(section, typeof(TOptions)));
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateDataAnnotations().ValidateOnStart();
        // The path takes the options themselves: they do not change while it runs.
        services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
    }
}
