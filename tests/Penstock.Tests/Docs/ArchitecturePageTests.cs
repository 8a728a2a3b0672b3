using Penstock.Tests.Architecture;

namespace Penstock.Tests.Docs;

public sealed class ArchitecturePageTests
{
    [Fact]
    public void The_table_of_dependencies_is_the_one_that_is_tested() =>
        Assert.Contains(
            DependencyRules.ToMarkdown() + "\n\n",
            SourceTree.Read("docs/architecture.md"),
            StringComparison.Ordinal
        );

    [Fact]
    public void Every_folder_is_explained()
    {
        var explained = MarkdownTable.Read("architecture.md", "| folder | what |").Select(row => row[0]);
        var ruled = DependencyRules.All.Select(rule => rule.Folder).Where(folder => folder != DependencyRules.Root);

        Assert.Equal(ruled.Select(folder => folder.Split('.')[0]).Distinct().Order(), explained.Order());
    }
}
