using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

public sealed class ConfigurationPageTests
{
    [Fact]
    public void The_table_of_settings_is_the_code_s()
    {
        var page = MarkdownTable.Read("configuration.md", "| key | default | range |");
        var settings =
            from options in OurAssemblies.Server.WrittenTypes()
            where options.Name.EndsWith("Options", StringComparison.Ordinal)
            from property in options.GetProperties()
            orderby $"{SectionOf(options)}:{property.Name}"
            select Row(options, property);

        Assert.Equal(settings, page.Select(row => string.Join(" | ", row[..3])));
    }

    private static string Row(Type options, PropertyInfo property)
    {
        var value = property.GetValue(Activator.CreateInstance(options));
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        return string.Join(" | ", $"{SectionOf(options)}:{property.Name}", text, RangeOf(property));
    }

    /// <summary>Settings of a feature stand in a section of the feature's name.</summary>
    private static string SectionOf(Type options) => options.Namespace!.Split('.')[1];

    private static string RangeOf(PropertyInfo property) =>
        property.GetCustomAttribute<RangeAttribute>() is { } range
            ? string.Create(CultureInfo.InvariantCulture, $"{range.Minimum} – {range.Maximum}")
            : property.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern ?? "";
}
