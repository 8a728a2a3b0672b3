using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace Penstock.Registry.Reading;

/// <summary>What a text must look like: said to a person, and as the pattern of the published schema.</summary>
internal sealed class TextForm(string says, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
{
    // Linear in the length of the text, whatever the text.
    private readonly Regex regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>Completes "must be ...".</summary>
    public string Says => says;

    public string Pattern => pattern;

    public bool Holds(string text) => regex.IsMatch(text);

    /// <summary>A workspace or a plan: it stands in URLs and headers.</summary>
    public static TextForm Name { get; } =
        new(
            "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit",
            @"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}\z"
        );

    public static TextForm KeyName { get; } =
        new("1 to 128 printable characters without space at either end", @"^[^\p{C}\s]([^\p{C}]{0,126}[^\p{C}\s])?\z");

    public static TextForm Model { get; } =
        new("1 to 256 printable characters without space at either end", @"^[^\p{C}\s]([^\p{C}]{0,254}[^\p{C}\s])?\z");

    public static TextForm Sha256 { get; } =
        new("the SHA-256 of the key, 64 hexadecimal digits", @"^[0-9a-fA-F]{64}\z");

    public static TextForm Variable { get; } =
        new("the name of an environment variable", @"^[A-Za-z_][A-Za-z0-9_]{0,254}\z");

    public static TextForm Path { get; } = new("the path of a file", @"^[^\p{C}]{1,1024}\z");

    /// <summary>The plan that a workspace names, the workspace that a key names: any text, looked up afterwards.</summary>
    public static TextForm Reference { get; } = new("a name", @"^[^\p{C}]{1,256}\z");
}
