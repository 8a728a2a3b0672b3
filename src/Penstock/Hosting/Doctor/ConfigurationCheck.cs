using Microsoft.Extensions.Options;
using Penstock.Primitives;
using Penstock.Registry;

namespace Penstock.Hosting.Doctor;

/// <summary>Settings: each value usable, each key known.</summary>
internal static class ConfigurationCheck
{
    private const string Name = "configuration";
    private const string Page = "docs/configuration.md has every setting with its range.";

    /// <summary>Sections that .NET itself reads, and may stand among ours.</summary>
    private static readonly string[] OfTheFramework =
    [
        "Logging",
        "Kestrel",
        "AllowedHosts",
        "URLS",
        "ConnectionStrings",
    ];

    public static Finding Unreadable(Exception error) =>
        Finding.Problem(
            Name,
            StartFailure.Unreadable(error),
            "Mend the file, or move it away: every setting has a default."
        );

    /// <summary>What can be told before anything is built: a value that cannot be read would stop that.</summary>
    /// <param name="variables">Names of the environment.</param>
    public static IReadOnlyList<Finding> Values(
        IConfiguration configuration,
        IServiceCollection services,
        IEnumerable<string> variables
    )
    {
        var sections = SettingsSection.In(services);
        return
        [
            .. SettingsMistakes.Find(configuration, sections).Select(mistake => Finding.Problem(Name, mistake, Page)),
            .. UnknownKeys(configuration, sections),
            .. UnknownVariables(variables, sections),
        ];
    }

    /// <summary>With what the features themselves say of their options.</summary>
    public static IReadOnlyList<Finding> Whole(IReadOnlyList<Finding> values, IServiceProvider services)
    {
        List<Finding> findings = [.. values, .. Failures(services).Select(text => Finding.Problem(Name, text, Page))];
        return findings.Count > 0
            ? findings
            : [Finding.Ok(Name, $"{Count(services)} settings, each in its range, and no unknown ones")];
    }

    private static int Count(IServiceProvider services) =>
        services.GetServices<SettingsSection>().Sum(section => section.Settings.Count);

    private static IEnumerable<string> Failures(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException invalid)
        {
            return invalid.Failures;
        }
        catch (AggregateException several)
        {
            return several.InnerExceptions.OfType<OptionsValidationException>().SelectMany(one => one.Failures);
        }
    }

    private static IEnumerable<Finding> UnknownKeys(
        IConfiguration configuration,
        IEnumerable<SettingsSection> sections
    ) =>
        from section in sections
        let known = section.Settings.Select(setting => setting.Name).ToList()
        from entry in configuration.GetSection(section.Name).GetChildren()
        where !known.Contains(entry.Key, StringComparer.OrdinalIgnoreCase)
        select Unknown($"{section.Name}:{entry.Key}", entry.Key, known);

    /// <summary>Our prefix means us: a section that we do not have is a slip, too.</summary>
    private static IEnumerable<Finding> UnknownVariables(
        IEnumerable<string> variables,
        IReadOnlyList<SettingsSection> sections
    )
    {
        List<string> known = [.. sections.Select(section => section.Name.Split(':')[0])];
        return from variable in variables.Order(StringComparer.Ordinal)
            where variable.StartsWith(Gateway.SettingsPrefix, StringComparison.OrdinalIgnoreCase)
            let section = variable[Gateway.SettingsPrefix.Length..].Split("__")[0]
            where !known.Concat(OfTheFramework).Contains(section, StringComparer.OrdinalIgnoreCase)
            select Unknown(variable, section, known);
    }

    private static Finding Unknown(string key, string word, IEnumerable<string> known) =>
        Finding.Warning(
            Name,
            $"{key} is set, but there is no such setting{Suggestion.For(word, known)}",
            $"Correct its name or take it away: it has no effect. {Page}"
        );
}
