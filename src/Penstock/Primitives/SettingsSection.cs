using System.Reflection;

namespace Penstock.Primitives;

/// <summary>A section of the configuration and the options it is bound to: what it may hold, for whoever judges it.</summary>
internal sealed record SettingsSection(string Name, Type Options)
{
    public IReadOnlyList<PropertyInfo> Settings { get; } = [.. Options.GetProperties().Where(one => one.CanWrite)];

    /// <summary>Every section that a feature has registered.</summary>
    public static IReadOnlyList<SettingsSection> In(IServiceCollection services) =>
        [.. services.Select(service => service.ImplementationInstance).OfType<SettingsSection>()];

    public string KeyOf(PropertyInfo setting) => $"{Name}:{setting.Name}";
}
