using System.Globalization;
using System.Text.Json;
using Penstock.Contracts;
using Penstock.Registry;

namespace Penstock.Management;

/// <summary><c>/admin/v1/audit</c>: every change, newest first.</summary>
internal static class AuditEndpoints
{
    public static void Map(IEndpointRouteBuilder admin) =>
        admin.MapGet(Routes.Audit, ListAsync).Returns<ResourceList<AuditRow>>("List changes, newest first");

    private static async Task<IResult> ListAsync(ManagementCall call, string? limit, string? cursor)
    {
        var (page, refusal) = ListPage.Of(limit, cursor);
        if (page is null)
        {
            return refusal!;
        }

        if (Before(page.After) is not { } before)
        {
            return ManagementErrors.InvalidQuery("cursor", "must be the next_cursor of an earlier page");
        }

        var entries = await call.Registry.ReadAuditAsync(before, page.Limit + 1, call.Aborted);
        var list = new ResourceList<AuditRow>
        {
            Data = [.. entries.Take(page.Limit).Select(Of)],
            NextCursor = entries.Count > page.Limit ? ListPage.Encode($"{entries[page.Limit - 1].Sequence}") : null,
        };
        return ManagementAnswer.Json(list, ContractsJson.Default.ResourceListAuditRow);
    }

    private static long? Before(string? cursor) =>
        cursor is null ? long.MaxValue
        : long.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence
        : null;

    private static AuditRow Of(AuditEntry entry) =>
        new()
        {
            At = entry.At,
            Actor = entry.Actor,
            Action = entry.Action,
            Kind = entry.Kind,
            Id = entry.Id,
            Before = Element(entry.Before),
            After = Element(entry.After),
        };

    private static JsonElement? Element(string? json) => json is null ? null : JsonElement.Parse(json);
}
