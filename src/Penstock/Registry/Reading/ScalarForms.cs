using System.Text.RegularExpressions;

namespace Penstock.Registry.Reading;

/// <summary>Tells the forms apart.</summary>
internal static partial class ScalarForms
{
    public static ScalarForm Of(string plain) =>
        plain switch
        {
            "" or "~" or "null" or "Null" or "NULL" => ScalarForm.Null,
            "true" or "True" or "TRUE" or "false" or "False" or "FALSE" => ScalarForm.Boolean,
            _ => Number().IsMatch(plain) ? ScalarForm.Number : ScalarForm.Text,
        };

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
