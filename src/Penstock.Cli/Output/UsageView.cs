using System.Globalization;
using Penstock.Contracts;

namespace Penstock.Cli.Output;

/// <summary>Usage on stdout.</summary>
internal static class UsageView
{
    public static void Show(Report report, IReadOnlyList<UsageRow> rows, string by)
    {
        if (report.IsJson)
        {
            report.Json(rows, ContractsJson.Default.IReadOnlyListUsageRow);
            return;
        }

        report.Table(
            [by, "requests", "errors", "prompt", "completion", "cached", "reasoning", "cost"],
            rows.Select(Of)
        );
    }

    private static IReadOnlyList<string> Of(UsageRow row) =>
        [
            row.Day is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : row.Model ?? row.Key ?? "",
            Number(row.Requests),
            Number(row.Errors),
            Number(row.PromptTokens),
            Number(row.CompletionTokens),
            Number(row.CachedTokens),
            Number(row.ReasoningTokens),
            row.Cost.ToString("0.00####", CultureInfo.InvariantCulture),
        ];

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
