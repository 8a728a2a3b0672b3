using System.Text.RegularExpressions;
using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

/// <summary><c>docs/failures.md</c> names tests; a test that has gone must not be named.</summary>
public sealed partial class FailuresPageTests
{
    [Fact]
    public void Every_test_that_the_page_names_is_there()
    {
        var sources = string.Concat(SourceTree.Files.Select(file => file.Text));
        var page = SourceTree.Read("docs/failures.md");
        var named = NamedTest().Matches(page);
        Assert.NotEmpty(named);
        foreach (Match match in named)
        {
            var (type, method) = (match.Groups["type"].Value, match.Groups["method"].Value);
            Assert.Contains($"class {type}", sources, StringComparison.Ordinal);
            Assert.True(method.Length == 0 || sources.Contains($" {method}(", StringComparison.Ordinal), match.Value);
        }
    }

    [GeneratedRegex(@"`(?<type>[A-Z]\w*Tests)(\.(?<method>[A-Z]\w+))?`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedTest();
}
