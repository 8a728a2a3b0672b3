using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Penstock.Primitives;

namespace Penstock.Hosting;

/// <summary>
/// Every setting whose value cannot be used, with its key, its value and what would be right. The binder stops at the
/// first one and the validators of options know no keys; an operator wants all of them at once.
/// </summary>
internal static class SettingsMistakes
{
    public static IReadOnlyList<string> Find(IConfiguration configuration, IEnumerable<SettingsSection> sections) =>
        [
            .. from section in sections
            from setting in section.Settings
            let mistake = Judge(configuration, section.KeyOf(setting), setting)
            where mistake is not null
            select mistake,
        ];

    private static string? Judge(IConfiguration configuration, string key, PropertyInfo setting)
    {
        if (configuration[key] is not { } text)
        {
            return null;
        }

        if (!TryConvert(configuration, key, setting.PropertyType, out var value))
        {
            return $"{key} is '{text}': give {Form(setting.PropertyType)}.";
        }

        var broken = setting.GetCustomAttributes<ValidationAttribute>().FirstOrDefault(rule => !rule.IsValid(value));
        return broken is null ? null : Sentence(broken, key, text);
    }

    private static bool TryConvert(IConfiguration configuration, string key, Type type, out object? value)
    {
        try
        {
            value = configuration.GetValue(type, key);
            return true;
        }
        catch (InvalidOperationException)
        {
            value = null;
            return false;
        }
    }

    private static string Sentence(ValidationAttribute rule, string key, string text) =>
        rule switch
        {
            // Before the next: .NET gives this one a sentence of its own that tells neither.
            AllowedValuesAttribute words => $"{key} is '{text}': give {string.Join(" or ", words.Values)}.",
            { ErrorMessage: { } own } => string.Format(own, text),
            RangeAttribute range => $"{key} is {text}: give {range.Minimum} to {range.Maximum}.",
            RegularExpressionAttribute form => $"{key} is '{text}': give what matches {form.Pattern}.",
            RequiredAttribute => $"{key} is empty: give it a value or leave it out.",
            _ => rule.FormatErrorMessage(key),
        };

    private static string Form(Type type) =>
        Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.Int32 or TypeCode.Int64 => "a whole number",
            TypeCode.Double => "a number",
            _ => $"a {type.Name}",
        };
}
