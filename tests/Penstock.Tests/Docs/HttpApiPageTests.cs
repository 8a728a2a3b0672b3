using System.Globalization;
using Penstock.Envelopes;
using Penstock.Registry;

namespace Penstock.Tests.Docs;

public sealed class HttpApiPageTests
{
    [Fact]
    public void The_engine_controls_are_the_code_s()
    {
        var named = MarkdownTable
            .Read("http-api.md", "| field | reaches |")
            .SelectMany(row => row[0].Split(", ").Select(name => name.Trim('`')));

        Assert.Equal(EngineControls.Names, named);
    }

    [Fact]
    public void The_plans_are_those_that_are_shipped()
    {
        var page = MarkdownTable
            .Read("http-api.md", "| plan | default per key |")
            .Select(row => string.Join(" | ", row));

        Assert.Equal(
            ShippedPlans.All.Select(plan =>
                string.Join(
                    " | ",
                    plan.Name,
                    Number(plan.RequestsPerMinute),
                    Number(plan.MaxRequestsPerMinute),
                    plan.Keys ? "yes" : "no"
                )
            ),
            page
        );
    }

    private static string Number(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
