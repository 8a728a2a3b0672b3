using System.Text.RegularExpressions;

namespace Penstock.Tests.Architecture;

/// <summary>A type that stands directly in a file.</summary>
/// <param name="Kind">The keyword, for example <c>record struct</c>.</param>
/// <param name="Lines">From the declaration to its closing brace or semicolon.</param>
internal sealed record DeclaredType(string Kind, string Name, int Lines);

/// <summary>A C# file as text. The formatter puts every top-level declaration at the start of a line.</summary>
/// <param name="Path">From the root of the repository.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    public int Lines => Text.AsSpan().TrimEnd('\n').Count('\n') + 1;

    /// <summary>The file's name up to its first dot: parts of one type are named <c>Type.Part.cs</c>.</summary>
    public string Subject => System.IO.Path.GetFileName(Path).Split('.')[0];

    public IEnumerable<DeclaredType> Types =>
        Declaration()
            .Matches(Text)
            .Select(match => new DeclaredType(
                match.Groups["kind"].Value,
                match.Groups["name"].Value,
                LinesFrom(match.Index)
            ));

    /// <summary>Empty for a program.</summary>
    public string Namespace => NamespaceLine().Match(Text).Groups["name"].Value;

    public IEnumerable<string> Imports => Import().Matches(Text).Select(match => match.Groups["name"].Value);

    public override string ToString() => Path;

    /// <summary>A declaration ends with the first line that closes it at the left margin, or with a semicolon there.</summary>
    private int LinesFrom(int start) => Text.AsSpan(start, End().Match(Text, start).Index - start).Count('\n') + 1;

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NamespaceLine();

    [GeneratedRegex(
        @"^using (static )?(\w+ = )?(?<name>[\w.]+);",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Import();

    [GeneratedRegex(@"^\}|^\) *: .*;$|^\);$|^[a-z].*;$|\z", RegexOptions.Multiline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex End();

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe) )*"
            + @"((?<kind>class|interface|enum|record struct|struct|record)|(?<kind>delegate) [^(\n]+?) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Declaration();
}
