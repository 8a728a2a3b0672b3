using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Penstock.Contracts;

namespace Penstock.Management;

/// <summary>The part of a list that was asked for: how many rows, after which one.</summary>
internal sealed record ListPage(int Limit, string? After)
{
    /// <summary>A screenful.</summary>
    private const int DefaultLimit = 50;

    /// <summary>Reads the query; a refusal instead where it says nothing sensible.</summary>
    public static (ListPage? Page, ManagementAnswer? Refusal) Of(string? limit, string? cursor)
    {
        var rows = DefaultLimit;
        if (
            limit is not null
            && (
                !int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out rows)
                || rows is < 1 or > Page.MaxLimit
            )
        )
        {
            return (null, ManagementErrors.InvalidQuery("limit", $"must be a whole number from 1 to {Page.MaxLimit}"));
        }

        if (cursor is null)
        {
            return (new ListPage(rows, null), null);
        }

        return Decode(cursor) is { } after
            ? (new ListPage(rows, after), null)
            : (null, ManagementErrors.InvalidQuery("cursor", "must be the next_cursor of an earlier page"));
    }

    public static string Encode(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));

    /// <summary>Cuts the page out of items; rows that come or go meanwhile shift no others.</summary>
    /// <param name="key">Unique and in the order of the list.</param>
    public ResourceList<TResource> Cut<T, TResource>(
        IEnumerable<T> items,
        Func<T, string> key,
        Func<T, TResource> resource
    )
    {
        var rest = items
            .Select(item => (Key: key(item), Item: item))
            .Where(row => After is null || string.CompareOrdinal(row.Key, After) > 0)
            .OrderBy(row => row.Key, StringComparer.Ordinal)
            .Take(Limit + 1)
            .ToList();
        return new ResourceList<TResource>
        {
            Data = [.. rest.Take(Limit).Select(row => resource(row.Item))],
            NextCursor = rest.Count > Limit ? Encode(rest[Limit - 1].Key) : null,
        };
    }

    /// <summary>The key of a list in the order its items were made.</summary>
    public static string KeyOf(DateTimeOffset createdAt, Guid id) => $"{createdAt.ToUnixTimeMilliseconds():D16}{id:N}";

    private static string? Decode(string cursor) =>
        Base64Url.IsValid(cursor) ? Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor)) : null;
}
