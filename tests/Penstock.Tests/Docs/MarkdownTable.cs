using System.Text.RegularExpressions;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

/// <summary>The first table under a given header line of a page in <c>docs/</c>, cell by cell, code marks taken off.</summary>
internal static partial class MarkdownTable
{
    /// <param name="page">File in <c>docs/</c>.</param>
    /// <param name="header">The header's first cells, as written: <c>| ending | status |</c>.</param>
    public static IReadOnlyList<string[]> Read(string page, string header)
    {
        var lines = SourceTree.Read(Path.Combine("docs", page)).Split('\n');
        var start = Array.FindIndex(lines, line => line.StartsWith(header, StringComparison.Ordinal));
        if (start < 0)
        {
            throw new InvalidOperationException($"docs/{page} has no table that begins with {header}");
        }

        return [.. lines[(start + 2)..].TakeWhile(line => line.StartsWith('|')).Select(Cells)];
    }

    /// <summary>A bar that stands in a cell is written with a backslash; a cell may be empty.</summary>
    private static string[] Cells(string line) => [.. Bar().Split(line.Trim())[1..^1].Select(Plain)];

    /// <summary>A cell that is all code loses its marks; an empty one is written as a dash.</summary>
    private static string Plain(string cell)
    {
        var text = cell.Trim().Replace("\\|", "|", StringComparison.Ordinal);
        if (text == "–")
        {
            return "";
        }

        return text.Count('`') == 2 && text[0] == '`' && text[^1] == '`' ? text[1..^1] : text;
    }

    [GeneratedRegex(@"(?<!\\)\|", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Bar();
}
