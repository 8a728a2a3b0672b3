namespace Penstock.Cli.Output;

/// <summary>Text from elsewhere that is safe to show: no control character of it reaches the terminal.</summary>
internal static class Printable
{
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c)) : text;
}
