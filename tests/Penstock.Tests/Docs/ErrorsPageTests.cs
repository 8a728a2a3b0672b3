using System.Globalization;
using Penstock.Inference;

namespace Penstock.Tests.Docs;

public sealed class ErrorsPageTests
{
    /// <summary>What the page says where the code comes from the case at hand.</summary>
    private const string OfTheCase = "of the case";

    [Fact]
    public void The_table_of_endings_is_the_code_s()
    {
        var page = MarkdownTable.Read("errors.md", "| ending | status |").Select(row => string.Join(" | ", row[..5]));

        Assert.Equal(Enum.GetValues<InferenceEnding>().Select(Row), page);
    }

    private static string Row(InferenceEnding ending)
    {
        var facts = EndingFacts.Of(ending);
        var code = facts.Code ?? (facts.Type.Length == 0 ? "" : OfTheCase);
        var status = facts.Status.ToString(CultureInfo.InvariantCulture);
        return string.Join(" | ", facts.Label, status, facts.Type, code, facts.Level.ToString());
    }
}
