using System.Text.RegularExpressions;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

/// <summary>What a page points to inside the repository is there.</summary>
public sealed partial class LinkTests
{
    [Fact]
    public void No_page_points_to_nothing()
    {
        var pages = Directory
            .EnumerateFiles(SourceTree.Root, "*.md")
            .Concat(FilesBelow("docs"))
            .Concat(FilesBelow("samples"));
        var broken =
            from page in pages
            from match in Link().Matches(File.ReadAllText(page)).AsEnumerable()
            let target = match.Groups["target"].Value.Split('#')[0]
            where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
            where !Path.Exists(Path.Combine(Path.GetDirectoryName(page)!, target))
            select $"{Path.GetRelativePath(SourceTree.Root, page)}: {target}";

        Violations.AssertNone(broken);
    }

    private static IEnumerable<string> FilesBelow(string folder) =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, folder), "*.md", SearchOption.AllDirectories);

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
