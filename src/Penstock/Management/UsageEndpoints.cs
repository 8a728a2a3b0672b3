using System.Globalization;
using Penstock.Contracts;
using Penstock.Metering;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary><c>/admin/v1/usage</c>: sums of the ledger.</summary>
internal static class UsageEndpoints
{
    private static readonly TimeSpan DefaultSpan = TimeSpan.FromDays(7);

    /// <summary>A hundred years: further back the calendar has nothing for us.</summary>
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(36_525);

    public static void Map(IEndpointRouteBuilder admin) =>
        admin.MapGet(Routes.Usage, ListAsync).Returns<ResourceList<UsageRow>>("Sum requests, tokens and cost");

    private static async Task<IResult> ListAsync(
        ManagementCall call,
        IUsageStore store,
        UsageWriter writer,
        TimeProvider time,
        string? by,
        string? since,
        string? workspace,
        string? limit,
        string? cursor
    )
    {
        var state = call.State;
        var (page, refusal) = ListPage.Of(limit, cursor);
        if (page is null)
        {
            return refusal!;
        }

        if (GroupingOf(by) is not { } grouping)
        {
            return ManagementErrors.InvalidQuery("by", "must be model, key or day");
        }

        var span = DefaultSpan;
        if (since is not null && (!Duration.TryParse(since, out span) || span > LongestSpan))
        {
            return ManagementErrors.InvalidQuery("since", "must be a duration such as 24h or 30d, at most 36525d");
        }

        var owner = workspace is null ? null : state.FindWorkspace(workspace);
        if (workspace is not null && owner is null)
        {
            return ManagementErrors.NotFound("workspace", workspace);
        }

        // Whoever asks right after a request wants to see it.
        await writer.FlushAsync(call.Aborted);
        var sums = await store.SumAsync(new UsageQuestion(grouping, time.GetUtcNow() - span, owner?.Id), call.Aborted);
        var rows = grouping == UsageGrouping.Key ? UsageOfKeys.Rows(sums, state) : sums.Select(Of);
        return ManagementAnswer.Json(page.Cut(rows, KeyOf, row => row), ContractsJson.Default.ResourceListUsageRow);
    }

    private static UsageGrouping? GroupingOf(string? by) =>
        by switch
        {
            null or "model" => UsageGrouping.Model,
            "key" => UsageGrouping.Key,
            "day" => UsageGrouping.Day,
            _ => null,
        };

    private static UsageRow Of(UsageSum sum) =>
        UsageOfKeys.Row(sum) with
        {
            Model = sum.Day is null ? sum.Model ?? "" : null,
            Day = sum.Day,
        };

    private static string KeyOf(UsageRow row) =>
        row.Day is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : row.Key ?? row.Model!;
}
