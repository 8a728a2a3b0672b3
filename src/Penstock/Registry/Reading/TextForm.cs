using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.RegularExpressions;

namespace Penstock.Registry.Reading;

/// <summary>What a text must look like: said to a person, and as pattern and length of the published schema.</summary>
internal sealed class TextForm(
    string says,
    [StringSyntax(StringSyntaxAttribute.Regex)] string pattern,
    int longest,
    int shortest = 1
)
{
    // What prints and stays where it is: no control characters, no invisible ones, none that turn the line around.
    private const string Printable = @"[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]";
    private const string PrintableNoSpace = @"[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]";
    private const string Trimmed = $@"^{PrintableNoSpace}({Printable}*{PrintableNoSpace})?\z";

    // Linear in the length of the text, whatever the text.
    private readonly Regex _regex = new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);

    /// <summary>A workspace or a plan: it stands in URLs and headers.</summary>
    public static TextForm Name { get; } =
        new(
            "1 to 63 letters, digits, '.', '_' or '-', beginning with a letter or digit",
            @"^[A-Za-z0-9][A-Za-z0-9._-]*\z",
            63
        );

    public static TextForm KeyName { get; } =
        new("1 to 128 printable characters without space at either end", Trimmed, 128);

    public static TextForm Model { get; } =
        new("1 to 256 printable characters without space at either end", Trimmed, 256);

    public static TextForm Sha256 { get; } =
        new("the SHA-256 of the key, 64 hexadecimal digits", @"^[0-9a-fA-F]*\z", 64, 64);

    public static TextForm Variable { get; } =
        new("the name of an environment variable", @"^[A-Za-z_][A-Za-z0-9_]*\z", 255);

    public static TextForm RunPodEndpoint { get; } =
        new("the id of an endpoint at RunPod", @"^[A-Za-z0-9][A-Za-z0-9-]*\z", 63);

    public static TextForm Path { get; } = new("the path of a file", $@"^{Printable}*\z", 4096);

    /// <summary>The plan that a workspace names, the workspace that a key names: any text, looked up afterwards.</summary>
    public static TextForm Reference { get; } = new("a name", $@"^{Printable}*\z", 256);

    /// <summary>Completes "must be ...".</summary>
    public string Says => says;

    public string Pattern => pattern;

    public int Shortest => shortest;

    public int Longest => longest;

    public bool Holds(string text) =>
        text.Length >= shortest && text.Length <= longest && IsUnicode(text) && _regex.IsMatch(text);

    /// <summary>Half a surrogate pair can be written in an escape, and stored nowhere.</summary>
    private static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); !rest.IsEmpty; )
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[length..];
        }

        return true;
    }
}
