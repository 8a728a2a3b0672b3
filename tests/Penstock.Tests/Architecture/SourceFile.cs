using System.Text.RegularExpressions;

namespace Penstock.Tests.Architecture;

/// <summary>A type that stands directly in a file.</summary>
/// <param name="Kind">The keyword, for example <c>record struct</c>.</param>
internal sealed record DeclaredType(string Kind, string Name)
{
    /// <summary>What may stand beside the type that a file is named for: a word of its vocabulary, not a second actor.</summary>
    public bool MayAccompany => Kind is not "class";
}

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
            .Select(match => new DeclaredType(match.Groups["kind"].Value, match.Groups["name"].Value));

    public override string ToString() => Path;

    [GeneratedRegex(
        @"^(?:(?:public|internal|file|sealed|static|abstract|partial|readonly|ref|unsafe) )*"
            + @"((?<kind>class|interface|enum|record struct|struct|record)|(?<kind>delegate) [^(\n]+?) (?<name>\w+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Declaration();
}
