using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

public sealed partial class ConfigurationPageTests
{
    [Fact]
    public void The_table_of_settings_is_the_code_s()
    {
        var page = MarkdownTable.Read("configuration.md", "| key | default | range |");
        var settings =
            from options in OurAssemblies.Server.WrittenTypes()
            where options.Name.EndsWith("Options", StringComparison.Ordinal)
            from property in options.GetProperties()
            where property.CanWrite
            let key = $"{SectionOf(options)}:{property.Name}"
            orderby key
            select Row(key, options, property);

        Assert.Equal(settings, page.Select(row => string.Join(" | ", row[..3])));
    }

    private static string Row(string key, Type options, PropertyInfo property)
    {
        var value = property.GetValue(Activator.CreateInstance(options));
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        return string.Join(" | ", key, text, RangeOf(property));
    }

    /// <summary>Where a feature says so: beside the options, or where it registers them.</summary>
    private static string SectionOf(Type options) =>
        options.GetField("Section")?.GetRawConstantValue() as string
        ?? SourceTree
            .Files.SelectMany(file => Registration().Matches(file.Text))
            .Single(match => match.Groups["options"].Value == options.Name)
            .Groups["section"]
            .Value;

    private static string RangeOf(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} – {range.Maximum}")
            : property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern
                ?? string.Join(", ", property.GetCustomAttribute<AllowedValuesAttribute>()?.Values ?? []);

    [GeneratedRegex(
        @"AddSection<(?<options>\w+)>\(""(?<section>[\w:]+)""\)",
        RegexOptions.None,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Registration();
}
